-- Messages that cross: whoever is too late hears so, and both sides end up with the same. In the end nothing is left.
local c   = cluster "sip-phones"
local sip = c:phone "SEP000000000001"
local old = c:phone "SEP000000000005"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "3s", clause "DEV-01")

local function connected()
	local m = mark()
	old:call "1001"
	expect(sip, "SipInvite", within "2s", from(m))
	sip:answer()
	expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end

local function over(m)
	expect(ivr, "CallClosed", { device = "SEP000000000001" }, within "3s", from(m), clause "CAL-01")
	settle "3s"
	advance "100ms"
end

-- The caller gives up while the phone is being answered.
local m = mark()
old:call "1001"
expect(sip, "SipInvite", within "2s", from(m))
m = mark()
sip:answer()
old:hangup()
over(m)
-- Its user gives up while the other side answers.
m = mark()
sip:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
m = mark()
old:answer()
sip:hangup()
over(m)
-- Both hang up.
connected()
m = mark()
sip:hangup()
old:hangup()
over(m)
-- An application drops what the user answers. If it comes first, the caller is rejected, hears so, and has to hang up.
m = mark()
old:call "1001"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ACCEPTED" }, within "2s", from(m))
m = mark()
sip:answer()
ivr:drop "SEP000000000001"
over(m)
old:hangup()
settle "3s"

-- Both hold, and both resume: then they talk again.
connected()
m = mark()
old:hold()
sip:hold()
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ONHOLD" }, within "3s", from(m), clause "DEV-03")
settle "3s"
m = mark()
sip:resume()
old:resume()
expect(sip, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")
-- The phone's request meets the CallManager's, far away: it tries once more.
c:slow("phones", "ccm1:callmanager", "100ms")
m = mark()
old:hold()
advance "30ms"
sip:hold()
expect(sip, "SipFailure", { status = 491 }, within "2s", from(m), clause "CAL-01")
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ONHOLD" }, within "3s", from(m), clause "DEV-03")
c:slow("phones", "ccm1:callmanager", "0ms")
settle "3s"
m = mark()
old:resume()
sip:resume()
expect(sip, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")
-- The user and the application want the same.
m = mark()
sip:hold()
ivr:hold "SEP000000000001"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ONHOLD" }, within "3s", from(m), clause "DEV-03")
settle "3s"
m = mark()
ivr:retrieve "SEP000000000001"
expect(sip, "MediaStreamStarted", within "5s", from(m), clause "DEV-03")
expect(old, "MediaStreamStarted", within "5s", from(m), clause "DEV-03")

-- The other side's CallManager dies: the stream goes on, and nothing can be done with it but to end it.
m = mark()
c:kill("ccm2", "callmanager")
advance "500ms"
sip:hold()
expect(sip, "SipFailure", { status = 488, cause = "NETOUTOFORDER" }, within "2s", from(m), clause "CAL-04")
never(sip, "MediaStreamStopped", within "500ms", from(m), clause "CAL-02")
sip:hangup()
over(m)
