-- What becomes of calls to a route point that nobody answers. While it is open nowhere they go to CFNA at once; while
-- its application does not say anything, when the accept timer expires; when the application dies, to CFOF.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001"
local cfna = c:phone "SEP000000000003" -- 1003
local cfof = c:phone "SEP000000000013" -- 2003

local m = mark()
anna:call "5000"
expect(cfna, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "APF-04")
anna:hangup()
expect(cfna, "StationCallState", { state = "OnHook" }, within "3s", from(m))

local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
ivr:open "CTIRP_5000"
expect(ivr, "LineInService", { device = "CTIRP_5000", node = "ccm1" }, within "3s", clause "CMF-01")
m = mark()
anna:call "5000"
expect(ivr, "NewCall", { device = "CTIRP_5000" }, within "3s", from(m), clause "RTP-01")
expect(cfna, "StationCallState", { state = "RingIn" }, within(scaled "6s"), from(m), clause "RTP-09")
expect(ivr, "CallClosed", { device = "CTIRP_5000" }, within "3s", from(m), clause "RTP-09")
anna:hangup()
expect(cfna, "StationCallState", { state = "OnHook" }, within "3s", from(m))

m = mark()
anna:call "5000"
expect(ivr, "NewCall", { device = "CTIRP_5000" }, within "3s", from(m))
ivr:accept "CTIRP_5000"
expect(anna, "StationCallState", { state = "RingOut" }, within "3s", from(m), clause "RTP-09")
c:kill "app:ivr"
expect(cfof, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "APF-03")
