# schema.sql and its kin -> lines of a C string.
/^--/d
/^$/d
s/PKIDONLY/pkid TEXT NOT NULL UNIQUE GUID/
s/PKID/pkid TEXT NOT NULL PRIMARY KEY GUID/
s/GUID/CONSTRAINT RH_PKID CHECK (length(pkid) = 36 AND pkid = lower(pkid)) DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))))/
s/\([a-z0-9_]*\) FLAG/\1 TEXT CONSTRAINT RH_FLAG CHECK (\1 IN ('t', 'f'))/
s/\\/\\\\/g
s/"/\\"/g
s/\t/ /g
s/^/"/
s/$/\\n"/
