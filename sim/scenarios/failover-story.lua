-- The story that scripts/demo tells: three nodes, and everything that can fail in them fails once.
--
-- ccm1 and ccm2 form the CallManager group of all devices. The application has the CTIManager of ccm1 as its
-- primary and that of ccm2 as its backup; it opens a route point (media per call), four ports (media at a
-- fixed address) and one desk phone, which it only watches and controls.

local c     = cluster "three-nodes"
local desk  = c:phone "SEP000000000001" -- 1001, opened by the application too
local anna  = c:phone "SEP000000000002" -- 1002
local ben   = c:phone "SEP000000000003" -- 1003
local cfna  = c:phone "SEP000000000007" -- 1007: where new calls go when nobody has the route point open
local cfof  = c:phone "SEP000000000008" -- 1008: where calls go whose application fails
local ivr   = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" }, heartbeat = "5s" })

local rp    = "CTIRP_5000"
local ports = { "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIP_6004" }
local phone = "SEP000000000001"

say "0. The stage: the application opens a route point, four ports and a phone."
expect(ivr, "ProviderInService", { node = "ccm1" }, within "5s", clause "CTF-02")
ivr:open(rp)
for _, port in ipairs(ports) do
	ivr:open(port)
end
ivr:open(phone)
expect(ivr, "DeviceInService", { device = rp, node = "ccm1" }, within "5s", clause "CMF-01")
for _, port in ipairs(ports) do
	expect(ivr, "DeviceInService", { device = port, node = "ccm1" }, within "5s", clause "CMF-01")
end
expect(ivr, "DeviceInService", { device = phone, node = "ccm1" }, within "5s", clause "DEV-01")
expect(ivr, "LineInService", { device = rp, dn = "5000" }, within "5s", clause "RTP-02")

say "1. Phone 1001 calls the route point; the application redirects the call to a port and answers there."
local m = mark()
desk:call "5000"
expect(ivr, "NewCall", { device = rp, called = "5000", calling = "1001" }, within "5s", from(m), clause "RTP-01")
ivr:redirect(rp, "6001")
expect(ivr, "NewCall", { device = "CTIP_6001", calling = "1001" }, within "5s", from(m), clause "RTP-05")
ivr:answer "CTIP_6001"
expect(ivr, "CallStateChanged", { device = "CTIP_6001", state = "CONNECTED" }, within "5s", from(m), clause "CAL-01")
expect(desk, "StationCallState", { state = "Connected" }, within "5s", from(m), clause "CAL-01")
expect(desk, "MediaStreamStarted", {}, within "5s", from(m), clause "MED-01")
expect(ivr, "MediaStreamStarted", { device = "CTIP_6001" }, within "5s", from(m), clause "MED-01")

say "2. The CallManager of ccm1 is killed. Its CTIManager, the application's primary, lives on (MGR-01)."
m = mark()
c:kill("ccm1", "callmanager")
local oos = expect(ivr, "DeviceOutOfService", { device = rp, cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), clause "CMF-04")
took("kill to OOS", m, oos)
local is = expect(ivr, "DeviceInService", { device = rp, node = "ccm2" }, within "5s", from(m), clause "CMF-01")
took("kill to IS", m, is)
for _, port in ipairs(ports) do
	expect(ivr, sequence {
		{ "LineOutOfService",   device = port, cause = "CALLMANAGER_FAILURE" },
		{ "DeviceOutOfService", device = port, cause = "CALLMANAGER_FAILURE" },
		{ "DeviceInService",    device = port, node = "ccm2" },
		{ "LineInService",      device = port, node = "ccm2" },
	}, within "5s", from(m), clause "CMF-06")
end
expect(ivr, "CallClosed", { device = "CTIP_6001" }, within "5s", from(m), clause "CAL-05")
never(ivr, "ProviderOutOfService", {}, within "100ms", from(m), clause "CMF-04")
say "   The media of the connected call go on; the phone is preserved, and control of it is refused."
never(desk, "MediaStreamStopped", {}, within "2s", from(m), clause "CAL-02")
never(desk, "StationRegisterAck", {}, within "100ms", from(m), clause "CMF-14")
local asked = mark()
ivr:call(phone, "1002")
expect(ivr, "Response", { result = "LINE_OUT_OF_SERVICE" }, within "2s", from(asked), clause "CMF-04")
say "   Its user hangs up: the phone registers at ccm2 and is in service again."
local up = mark()
desk:hangup()
expect(desk, "StationRegisterAck", { node = "ccm2" }, within "5s", from(up), clause "CMF-02")
expect(ivr, "DeviceInService", { device = phone, node = "ccm2" }, within "5s", from(up), clause "CMF-02")

say "3. An idle phone calls; the call is answered at the route point, with media of its own."
m = mark()
anna:call "5000"
expect(ivr, "NewCall", { device = rp, calling = "1002" }, within "5s", from(m), clause "RTP-03")
ivr:answer(rp)
expect(ivr, "DeviceCallOpenLogicalChannel", { device = rp }, within "5s", from(m), clause "MED-06")
expect(ivr, "CallStateChanged", { device = rp, state = "CONNECTED" }, within "5s", from(m), clause "RTP-03")
expect(anna, "MediaStreamStarted", {}, within "5s", from(m), clause "MED-03")
say "   ccm1 returns: the idle ports rehome at once, the route point waits until its call has ended."
local back = mark()
c:start("ccm1", "callmanager")
for _, port in ipairs(ports) do
	expect(ivr, sequence {
		{ "DeviceOutOfService", device = port, cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
		{ "DeviceInService",    device = port, node = "ccm1" },
	}, within "10s", from(back), clause "CMF-07")
end
never(ivr, "DeviceOutOfService", { device = rp }, within "2s", from(back), clause "CMF-08")
local idle = mark()
anna:hangup()
is = expect(ivr, sequence {
	{ "DeviceOutOfService", device = rp, cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
	{ "DeviceInService",    device = rp, node = "ccm1" },
}, within "5s", from(idle), clause "CMF-08")
took("idle to rehome", idle, is)
expect(desk, "StationRegisterAck", { node = "ccm1" }, within "60s", from(back), clause "CMF-15")
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(back), clause "CMF-15")
expect(ivr, "DeviceInService", { device = phone, node = "ccm1" }, within "10s", from(back), clause "CMF-15")

say "4. A call is up, and the application's CTIManager is killed."
m = mark()
anna:call "6002"
expect(ivr, "NewCall", { device = "CTIP_6002", calling = "1002" }, within "10s", from(m), clause "PRT-01")
ivr:answer "CTIP_6002"
expect(ivr, "CallStateChanged", { device = "CTIP_6002", state = "CONNECTED" }, within "5s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", {}, within "5s", from(m), clause "MED-01")
m = mark()
c:kill("ccm1", "ctimanager")
expect(ivr, sequence {
	{ "CallObservationEnded", device = "CTIP_6002" },
	{ "DeviceOutOfService",   device = "CTIP_6002", cause = "CTIMANAGER_FAILURE" },
	{ "ProviderOutOfService" },
}, within "10s", from(m), clause "CTF-01")
is = expect(ivr, "ProviderInService", { node = "ccm2" }, within "10s", from(m), clause "CTF-02")
took("CTIManager kill to provider IS", m, is)
for _, device in ipairs { rp, "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIP_6004", phone } do
	expect(ivr, "DeviceInService", { device = device }, within "10s", from(m), clause "CTF-03")
end
say "   The call went on; it appears as a snapshot, and is held and retrieved through the backup."
expect(ivr, "ExistingCall", { device = "CTIP_6002", state = "CONNECTED" }, within "10s", from(m), clause "CTF-03")
never(anna, "MediaStreamStopped", {}, within "500ms", from(m), clause "CTF-07")
ivr:hold "CTIP_6002"
expect(ivr, "CallStateChanged", { device = "CTIP_6002", state = "ONHOLD" }, within "5s", from(m), clause "CTF-09")
ivr:retrieve "CTIP_6002"
expect(ivr, sequence {
	{ "CallStateChanged", device = "CTIP_6002", state = "ONHOLD" },
	{ "CallStateChanged", device = "CTIP_6002", state = "CONNECTED" },
}, within "5s", from(m), clause "CTF-09")
say "   The primary returns: the application stays. Then the backup is killed: it goes to the primary."
back = mark()
c:start("ccm1", "ctimanager")
never(ivr, "ProviderOutOfService", {}, within "3s", from(back), clause "CTF-05")
m = mark()
c:kill("ccm2", "ctimanager")
expect(ivr, "ProviderOutOfService", {}, within "10s", from(m), clause "CTF-06")
expect(ivr, "ProviderInService", { node = "ccm1" }, within "10s", from(m), clause "CTF-06")
expect(ivr, "ExistingCall", { device = "CTIP_6002", state = "CONNECTED" }, within "10s", from(m), clause "CTF-03")
c:start("ccm2", "ctimanager")
local over = mark()
anna:hangup()
expect(ivr, "CallClosed", { device = "CTIP_6002" }, within "5s", from(over), clause "CAL-01")

say "5. Both CallManagers of the group are killed: the devices wait until one comes back."
m = mark()
c:kill("ccm2", "callmanager")
c:kill("ccm1", "callmanager")
expect(ivr, "DeviceOutOfService", { device = rp, cause = "NOCALLMANAGER_AVAILABLE" }, within "10s", from(m), clause "CMF-05")
for _, port in ipairs(ports) do
	expect(ivr, "DeviceOutOfService", { device = port, cause = "NOCALLMANAGER_AVAILABLE" }, within "10s", from(m), clause "CMF-05")
end
never(ivr, "DeviceClosed", {}, within "1s", from(m), clause "CMF-10")
m = mark()
c:start("ccm1", "callmanager")
is = expect(ivr, "DeviceInService", { device = rp, node = "ccm1" }, within "10s", from(m), clause "CMF-10")
took("group back to IS", m, is)
for _, port in ipairs(ports) do
	expect(ivr, "DeviceInService", { device = port, node = "ccm1" }, within "10s", from(m), clause "CMF-10")
end
c:start("ccm2", "callmanager")
for _, p in ipairs { anna, ben, cfna, cfof } do
	expect(p, "StationRegisterAck", { node = "ccm1" }, within "120s", from(m), clause "CMF-15")
end

say "6. The application is frozen for one heartbeat interval: nothing happens to a call it has accepted."
m = mark()
ben:call "5000"
expect(ivr, "NewCall", { device = rp, calling = "1003" }, within "10s", from(m), clause "RTP-01")
ivr:accept(rp)
expect(ben, "StationCallState", { state = "RingOut" }, within "5s", from(m), clause "RTP-09")
c:freeze "app:ivr"
never(cfof, "StationCallState", { state = "RingIn" }, within(scaled "7s"), from(m), clause "APF-06")
c:thaw "app:ivr"
never(c, "CtiProviderCloseHeartbeatTimeout", {}, within(scaled "6s"), from(m), clause "APF-06")
say "   Frozen for more than two: the CTIManager closes it. The accepted call goes to CFOF, a new one to CFNA."
m = mark()
c:freeze "app:ivr"
local rings = expect(cfof, "StationCallState", { state = "RingIn" }, within(scaled "16s"), from(m), clause "APF-03")
took("freeze to CFOF", m, rings)
expect(c, "CtiProviderCloseHeartbeatTimeout", {}, within "2s", from(m), clause "APF-02")
cfof:answer()
expect(ben, "StationCallState", { state = "Connected" }, within "5s", from(m), clause "APF-03")
anna:call "5000"
expect(cfna, "StationCallState", { state = "RingIn" }, within "5s", from(m), clause "APF-04")
cfna:answer()
expect(anna, "StationCallState", { state = "Connected" }, within "5s", from(m), clause "APF-04")
c:thaw "app:ivr"
ben:hangup()
anna:hangup()
settle "20s"
