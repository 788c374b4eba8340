-- The order of JTAPI's events for a normal call, as an application sees it that observes both addresses: the caller's
-- connection, then the callee's, each with its terminal connection, and the end of both.
local c   = cluster "devices"
local ivr = c:app("ivr", { ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "2s")
expect(ivr, "LineInService", { device = "CTIP_6001" }, within "2s")

local m = mark()
ivr:call("SEP000000000001", "6001")
expect(ivr, "NewCall", { device = "CTIP_6001" }, within "3s", from(m))
ivr:accept "CTIP_6001"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "RINGBACK" }, within "3s", from(m))
ivr:answer "CTIP_6001"
expect(ivr, "StartReception", { device = "CTIP_6001" }, within "3s", from(m))
ivr:drop "CTIP_6001"

expect(ivr, sequence {
	{ "jtapi.CallActiveEv" },
	{ "jtapi.ConnCreatedEv", address = "1001" },
	{ "jtapi.ConnConnectedEv", address = "1001" },
	{ "jtapi.CallCtlConnInitiatedEv", address = "1001" },
	{ "jtapi.TermConnCreatedEv", terminal = "SEP000000000001" },
	{ "jtapi.TermConnActiveEv", terminal = "SEP000000000001" },
	{ "jtapi.CallCtlTermConnTalkingEv", terminal = "SEP000000000001" },
	{ "jtapi.CallCtlConnDialingEv", address = "1001" },
	{ "jtapi.CallCtlConnEstablishedEv", address = "1001" },
}, within "3s", from(m), clause "CAL-01")
expect(ivr, sequence {
	{ "jtapi.ConnCreatedEv", address = "6001" },
	{ "jtapi.ConnInProgressEv", address = "6001" },
	{ "jtapi.CallCtlConnOfferedEv", address = "6001" },
	{ "jtapi.ConnAlertingEv", address = "6001" },
	{ "jtapi.CallCtlConnAlertingEv", address = "6001" },
	{ "jtapi.TermConnCreatedEv", terminal = "CTIP_6001" },
	{ "jtapi.TermConnRingingEv", terminal = "CTIP_6001" },
	{ "jtapi.CallCtlTermConnRingingEv", terminal = "CTIP_6001" },
	{ "jtapi.ConnConnectedEv", address = "6001" },
	{ "jtapi.CallCtlConnEstablishedEv", address = "6001" },
	{ "jtapi.TermConnActiveEv", terminal = "CTIP_6001" },
	{ "jtapi.CallCtlTermConnTalkingEv", terminal = "CTIP_6001" },
}, within "3s", from(m), clause "CAL-01")
for _, party in ipairs { { "1001", "SEP000000000001" }, { "6001", "CTIP_6001" } } do
	expect(ivr, sequence {
		{ "jtapi.TermConnDroppedEv", terminal = party[2] },
		{ "jtapi.CallCtlTermConnDroppedEv", terminal = party[2] },
		{ "jtapi.ConnDisconnectedEv", address = party[1] },
		{ "jtapi.CallCtlConnDisconnectedEv", address = party[1] },
		{ "jtapi.CallInvalidEv" },
		{ "jtapi.CallObservationEndedEv" },
	}, within "3s", from(m), clause "CAL-01")
end
eventually(function()
	return seen(ivr, "jtapi.CallActiveEv", from(m)) == 1 and seen(ivr, "jtapi.ConnCreatedEv", from(m)) == 2
end, within "100ms", clause "CAL-01")

say "An application that observes the callee alone knows the caller's connection, and no terminal connection of it."
local acd = c:app("acd", { ctimanagers = { "ccm2" } })
acd:open "CTIRP_5000"
expect(acd, "LineInService", { dn = "5000" }, within "2s")
m = mark()
c:phone("SEP000000000011"):call "5000"
expect(acd, "NewCall", within "3s", from(m))
acd:answer "CTIRP_5000"
expect(acd, sequence {
	{ "jtapi.CallActiveEv" },
	{ "jtapi.ConnCreatedEv", address = "2001" },
	{ "jtapi.ConnConnectedEv", address = "2001" },
	{ "jtapi.CallCtlConnEstablishedEv", address = "2001" },
	{ "jtapi.ConnCreatedEv", address = "5000" },
	{ "jtapi.CallCtlConnOfferedEv", address = "5000" },
	{ "jtapi.CallCtlConnEstablishedEv", address = "5000" },
	{ "jtapi.TermConnActiveEv", terminal = "CTIRP_5000" },
}, within "3s", from(m), clause "CAL-01")
never(acd, "jtapi.TermConnCreatedEv", { terminal = "SEP000000000011" }, within "100ms", from(m))
