-- The application's CTIManager dies during a call: the call goes on, the application finds it again at the next
-- CTIManager of its list, and stays there when the first one is back.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" }, heartbeat = "30s" })

ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "2s", clause "CMF-01")
local m = mark()
anna:call "6001"
expect(ivr, "NewCall", { device = "CTIP_6001" }, within "3s", from(m))
ivr:answer "CTIP_6001"
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm1", "ctimanager")
expect(ivr, "ProviderInService", { node = "ccm2" }, within "5s", from(m), clause "CTF-02")
never(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CTF-07")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "5s", from(m), clause "CTF-03")
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "5s", from(m), clause "CTF-03")
expect(ivr, "ExistingCall", { device = "CTIP_6001", state = "CONNECTED" }, within "5s", from(m), clause "CTF-03")

m = mark()
c:start("ccm1", "ctimanager")
never(ivr, "ProviderOutOfService", within(scaled "10s"), from(m), clause "CTF-05")
