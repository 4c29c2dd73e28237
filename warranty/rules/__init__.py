"""Pure rules of claims: values in, values out, one module per question."""
