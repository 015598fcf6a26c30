# Integers that jq would change. Up to version 1.6 it reads every number as a double and writes 10^16
# as 1e+16, which the runtime does not take for an amount. Long integers go through it as texts.

# exact_in FILE…: the JSON for jq. exact_out: what jq made of it.
exact_in() { sed -E 's/(^|[],:[])([[:space:]]*)([0-9]{15,})/\1\2"integer:\3"/g' "$@"; }
exact_out() { sed -E 's/"integer:([0-9]+)"/\1/g'; }
