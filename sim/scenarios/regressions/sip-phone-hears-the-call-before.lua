-- CMF-14: a SIP phone had ended a call, answered another one, and still heard the stream of the call before end; it sent to the new
-- party and had not heard that one yet when its CallManager died: it took the stream for dead and dropped the call.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "west", sip = true, model = 7970 },
		{ "SEP000000000011", count = 2, dn = "2001", pool = "east" },
	},
}
]])
local carl = c:phone "SEP000000000001" -- speaks SIP
local anna = c:phone "SEP000000000011"
local bert = c:phone "SEP000000000012"

expect(carl, "SipRegisterOk", { node = "ccm1" }, within "5s")
expect(anna, "StationRegisterAck", { node = "ccm2" }, within "5s")
expect(bert, "StationRegisterAck", { node = "ccm2" }, within "5s")
local m = mark()
anna:call "1001"
expect(carl, "SipInvite", within "3s", from(m))
carl:answer()
expect(carl, "MediaStreamStarted", within "3s", from(m))
m = mark()
bert:call "1001"
expect(carl, "SipInvite", { from = "2002" }, within "3s", from(m))

say "Anna is slow to hear that Carl has hung up, and Bert to hear that Carl has answered."
c:slow("ccm2:callmanager", "phones", "700ms")
m = mark()
carl:hangup()
carl:answer()
expect(carl, "MediaStreamStopped", within "3s", from(m))
expect(carl, "SipAck", within "5s", from(m), clause "CAL-01")
m = mark()
c:kill("ccm1", "callmanager")
expect(carl, "MediaStreamStarted", within "3s", from(m), clause "CMF-14")
never(carl, "SipRegisterOk", { node = "ccm2" }, within "1s", from(m), clause "CMF-14")
c:slow("ccm2:callmanager", "phones", "0ms")
m = mark()
carl:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-04")
expect(carl, "SipRegisterOk", { node = "ccm2" }, within "20s", from(m), clause "CMF-01")
c:start("ccm1", "callmanager")
c:rest()
