-- What becomes of makeCall on a SIP phone, which has to dial first: without a rule it waits for T302; if its user hangs
-- up meanwhile, or the phone is lost, the application is told; and dial tone alone nobody can ask it for.
local c   = cluster([[
return { nodes = { "ccm1" }, groups = { g = { "ccm1" } }, pools = { p = "g" },
 phones = { { "SEP000000000001", count = 2, model = 7970, sip = true, dn = "1001" } },
	users = { ivr = { application = true, password = "ivr", groups = { "Standard CTI Enabled" }, devices = { "SEP000000000001" } } },
	parameters = { ["T302 Timer"] = 3000 } }
]])
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
ivr:open "SEP000000000001"
expect(ivr, "LineInService", within "3s", clause "DEV-01")
local m = mark()
ivr:call("SEP000000000001", "1002")
never(ivr, "NewCall", within(scaled "2s"), from(m), clause "DEV-07")
expect(ivr, "NewCall", within "2s", from(m), clause "DEV-07")
expect(ivr, "Response", { result = "SUCCESS" }, within "1s", from(m), clause "DEV-03")
m = mark()
ivr:drop "SEP000000000001"
expect(ivr, "CallClosed", within "2s", from(m), clause "DEV-03")
m = mark()
ivr:call("SEP000000000001", "1002")
advance(scaled "1s")
c:phone("SEP000000000001"):hangup()
expect(ivr, "Response", { result = "CALL_DROPPED" }, within "2s", from(m), clause "DEV-03")
m = mark()
ivr:call "SEP000000000001"
expect(ivr, "Response", { result = "COMMAND_NOT_IMPLEMENTED_ON_DEVICE" }, within "2s", from(m), clause "DEV-03")
m = mark()
ivr:call("SEP000000000001", "1002")
advance(scaled "1s")
c:kill("phones")
expect(ivr, "Response", { result = "DEVICE_OUT_OF_SERVICE" }, within "5s", from(m), clause "DEV-03")
