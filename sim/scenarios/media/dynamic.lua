-- Dynamic media: each call that needs them is asked about, and flows when it has been answered; never answered, it fails
-- cleanly after Media Exchange Timeout. A hold closes the stream, and taking the call back asks again.
local c    = cluster "devices"
local a    = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { ctimanagers = { "ccm2" } })

ivr:open "CTIRP_5000"
expect(ivr, "LineInService", { device = "CTIRP_5000", dn = "5000" }, within "2s")
ivr:media "hand"

local m = mark()
a:call "5000"
expect(ivr, "NewCall", within "3s", from(m))
ivr:answer "CTIRP_5000"
expect(ivr, "DeviceCallOpenLogicalChannel", { device = "CTIRP_5000" }, within "3s", from(m), clause "MED-03")
never(ivr, "StartReception", within "300ms", from(m), clause "MED-03")
never(a, "MediaStreamStarted", within "300ms", from(m), clause "MED-03")
ivr:setrtp "CTIRP_5000"
expect(ivr, sequence { { "StartReception", device = "CTIRP_5000" }, { "StartTransmission", device = "CTIRP_5000" } },
	within "3s", from(m), clause "MED-03")
expect(a, "MediaStreamStarted", within "3s", from(m), clause "MED-03")
m = mark()
ivr:setrtp "CTIRP_5000"
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "MED-08")

say "Held and taken back: it is asked about anew."
m = mark()
ivr:hold "CTIRP_5000"
expect(ivr, "StopTransmission", within "3s", from(m), clause "MED-03")
expect(ivr, "StopReception", within "3s", from(m), clause "MED-03")
expect(a, "StationStopMediaTransmission", within "3s", from(m), clause "MED-03")
m = mark()
ivr:retrieve "CTIRP_5000"
expect(ivr, "DeviceCallOpenLogicalChannel", within "3s", from(m), clause "MED-03")
ivr:setrtp "CTIRP_5000"
expect(a, "MediaStreamStarted", within "3s", from(m), clause "MED-03")
a:hangup()
expect(ivr, "StopReception", within "3s", from(m), clause "MED-03")
expect(ivr, "StopTransmission", within "3s", from(m), clause "MED-03")
expect(ivr, "CallClosed", within "3s", from(m))

say "An answer that never comes costs the call, and nothing but the call."
m = mark()
a:call "5000"
expect(ivr, "NewCall", within "3s", from(m))
ivr:answer "CTIRP_5000"
expect(ivr, "DeviceCallOpenLogicalChannel", within "3s", from(m))
expect(ivr, "CallStateChanged", { state = "DISCONNECTED", cause = "RECOVERYONTIMEREXPIRY" }, within(scaled "6s"), from(m),
	clause "MED-03")
expect(ivr, "CallClosed", within "2s", from(m), clause "MED-03")
never(ivr, "DeviceOutOfService", within "300ms", from(m), clause "MED-03")
a:hangup()
settle "3s"
m = mark()
ivr:media "auto"
a:call "5000"
expect(ivr, "NewCall", within "3s", from(m))
ivr:answer "CTIRP_5000"
expect(a, "MediaStreamStarted", within "3s", from(m), clause "MED-03")
