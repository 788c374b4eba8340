-- Call forward all set by an application and by a phone's key: it counts at once and everywhere, the one who sets it is
-- answered, everybody who watches the line is told, the phone shows it; and it outlives the CallManager (USR-02).
local c     = cluster "dial-plan"
local one   = c:phone "SEP000000000001" -- 1001
local two   = c:phone "SEP000000000002"
local free  = c:phone "SEP000000000005" -- 3005
local eight = c:phone "SEP000000000004"

local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })
local acd = c:app("acd", { user = "ivr", ctimanagers = { "ccm3" } })
ivr:open "SEP000000000001"
acd:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "3s")
expect(acd, "LineInService", { device = "SEP000000000001" }, within "3s")

local m = mark()
ivr:forward("SEP000000000001", "3005")
expect(ivr, "Response", { result = "SUCCESS" }, within "2s", from(m), clause "USR-02")
expect(ivr, "LineForward", { dn = "1001", number = "3005" }, within "2s", from(m), clause "USR-02")
expect(acd, "LineForward", { dn = "1001", number = "3005" }, within "2s", from(m), clause "USR-02")
expect(one, "StationForwardStat", { on = true, number = "3005" }, within "2s", from(m), clause "USR-02")
m = mark()
two:call "1001"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "USR-02")
expect(free, "StationCallInfo", { original_called_party = "1001" }, within "2s", from(m), clause "CAL-01")
two:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))
m = mark()
acd:forwarded "SEP000000000001"
expect(acd, "Response", { result = "SUCCESS", number = "3005" }, within "2s", from(m), clause "USR-02")

-- The phone still calls; its line takes no calls, whatever node the caller is at.
m = mark()
one:call "3005"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m))
one:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- What cannot be: nobody has that number, the line itself, no number at all. Nothing changes.
for _, number in ipairs { "4711", "1001", "*" } do
	m = mark()
	ivr:forward("SEP000000000001", number)
	expect(ivr, "Response", { result = "CFWDALL_DESTN_INVALID" }, within "2s", from(m), clause "USR-02")
end
never(one, "StationForwardStat", within "500ms", from(m))

-- The registration moves; the forward goes with it.
m = mark()
c:kill "ccm1"
expect(one, "StationRegisterAck", { node = "ccm2" }, within "10s", from(m))
expect(one, "StationForwardStat", { on = true, number = "3005" }, within "2s", from(m), clause "USR-02")
expect(free, "StationRegisterAck", { node = "ccm2" }, within "10s", from(m))
m = mark()
two:call "1001"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "USR-02")
two:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Cancelled by the phone.
m = mark()
one:forward()
expect(one, "StationForwardStat", { on = false }, within "2s", from(m), clause "USR-02")
expect(ivr, "LineForward", { dn = "1001", number = "" }, within "2s", from(m), clause "USR-02")
two:call "1001"
expect(one, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "USR-02")
two:hangup()
expect(one, "StationCallState", { state = "OnHook" }, within "2s", from(m))
m = mark()
one:forward "4711"
expect(one, "StationDisplayPromptStatus", { text = "Invalid Number" }, within "2s", from(m), clause "USR-02")
one:forward "2001"
expect(one, "StationForwardStat", { on = true, number = "2001" }, within "2s", from(m), clause "USR-02")

-- Known to ccm1 when it comes back.
m = mark()
c:start "ccm1"
expect(eight, "StationRegisterAck", { node = "ccm1" }, within "30s", from(m))
expect(one, "StationForwardStat", { on = true, number = "2001" }, within "30s", from(m), clause "USR-02")
