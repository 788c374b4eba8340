-- An application that is frozen for one heartbeat interval is slow, one that is frozen for more than two has failed.
local c   = cluster "two-groups"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" }, heartbeat = "5s" })

local m = mark()
c:freeze "app:ivr"
advance(scaled "6s")
c:thaw "app:ivr"
never(c, "CtiProviderCloseHeartbeatTimeout", within(scaled "6s"), from(m), clause "APF-06")
never(ivr, "ProviderOutOfService", within "500ms", from(m), clause "APF-06")

m = mark()
c:freeze "app:ivr"
expect(c, "CtiProviderCloseHeartbeatTimeout", within(scaled "11s"), from(m), clause "APF-02")
c:thaw "app:ivr"
