# report.html and its kin -> lines of a C string.
s/\\/\\\\/g
s/"/\\"/g
s/?/\\?/g
s/^/"/
s/$/\\n"/
