-- CAL-04: a line was closed, and opened again while the news of a call from before the close was still on its way. The
-- call ended between the two, with nobody to be told: for the application it stayed for ever.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local sep = "SEP000000000001"

ivr:open(sep)
expect(ivr, "LineInService", { device = sep }, within "5s")
c:slow("ccm3:ctimanager", "ccm1:callmanager", "1200ms")
local m = mark()
ivr:lineclose(sep, "1001")
c:phone(sep):offhook()
advance "600ms"
ivr:lineopen(sep, "1001")
advance "900ms"
c:phone(sep):hangup()
expect(ivr, "LineInService", { device = sep }, within "5s", from(m))
never(ivr, "NewCall", { device = sep }, within "1s", from(m), clause "CAL-04")
