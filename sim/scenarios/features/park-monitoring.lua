-- Who may watch the park numbers and has asked for it is told of every call that is parked in the cluster, retrieved, given back
-- or lost. Nobody else is.
local c     = cluster "park-and-pickup"
local anna  = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo  = c:phone "SEP000000000011" -- 2001, at ccm2
local dora  = c:phone "SEP000000000021" -- 3001, at ccm3
local watch = c:app("watch", { user = "watch", ctimanagers = { "ccm3", "ccm2" } })
local paula = c:app("paula", { user = "paula", ctimanagers = { "ccm2" } }) -- a person, in the same group
local mute  = c:app("mute", { user = "watch", ctimanagers = { "ccm1" } }) -- may, and does not ask
local ivr   = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })     -- may not
local all   = c:app("all", { user = "all", ctimanagers = { "ccm1" } })     -- controls every device, and may not

local function parked_by(parker, number, caller)
	local m = mark()
	caller:call(number)
	expect(parker, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	parker:answer()
	expect(caller, "MediaStreamStarted", within "3s", from(m))
	m = mark()
	parker:park()
	expect(parker, "StationCallState", { state = "OnHook" }, within "3s", from(m))
	return m
end

for _, app in ipairs { ivr, all } do
	local m = mark()
	app:filter "park"
	expect(app, "Response", { result = "OPERATION_NOT_ALLOWED" }, within "2s", from(m), clause "GRP-02 SUP-06")
end
for _, app in ipairs { watch, paula } do
	local m = mark()
	app:filter "park"
	expect(app, "Response", { result = "SUCCESS" }, within "2s", from(m), clause "GRP-02 GRP-08")
end

-- Parked at ccm1, retrieved from ccm2: both are told, wherever they are connected.
local m = parked_by(anna, "1001", dora)
for _, app in ipairs { watch, paula } do
	expect(app, "LineParkStatus", { dn = "7701", node = 1, status = "CALLPARK", parked = "3001", parked_by = "1001" },
		within "2s", from(m), clause "GRP-02 GRP-08")
end
local u = mark()
cleo:call "7701"
expect(dora, "MediaStreamStarted", within "3s", from(u))
for _, app in ipairs { watch, paula } do
	expect(app, "LineParkStatus", { dn = "7701", status = "CALLUNPARK", retrieved_by = "2001" }, within "2s", from(u), clause "GRP-02")
end
cleo:hangup()
expect(dora, "StationCallState", { state = "OnHook" }, within "3s", from(u))

-- Nobody retrieves: it is back with who parked it. The parked party hangs up: it is over.
m = parked_by(cleo, "2001", dora)
expect(watch, "LineParkStatus", { dn = "7720", node = 2, status = "CALLPARK" }, within "2s", from(m), clause "GRP-02")
expect(watch, "LineParkStatus", { dn = "7720", status = "CALLPARKREMINDER" }, within(scaled "25s"), from(m), clause "GRP-02")
dora:hangup()
m = parked_by(cleo, "2001", dora)
local h = mark()
dora:hangup()
expect(watch, "LineParkStatus", { status = "CALLUNPARK", cause = 16 }, within "3s", from(h), clause "GRP-02")

-- Who asks later, and who moves to another CTIManager, is told what is parked; who asks no more hears nothing.
m = parked_by(cleo, "2001", dora)
h = mark()
mute:filter "both"
expect(mute, "Response", { result = "OPERATION_NOT_ALLOWED" }, within "2s", from(h), clause "GRP-05")
mute:filter "park"
expect(mute, "LineParkStatus", { dn = "7720", status = "CALLPARK", existing = true }, within "2s", from(h), clause "GRP-09")
mute:filter "none"
expect(mute, "Response", { result = "SUCCESS" }, within "2s", from(h))
h = mark()
c:kill("ccm3", "ctimanager")
expect(watch, sequence {
	{ "ProviderInService", node = 2 },
	{ "LineParkStatus", dn = "7720", status = "CALLPARK", existing = true },
}, within "10s", from(h), clause "GRP-02 CTF-03")

-- The node of the park number dies: the call is over. Who was parked there before is not there when it is back.
h = mark()
c:kill("ccm2", "callmanager")
expect(watch, "LineParkStatus", { dn = "7720", status = "CALLUNPARK", cause = 508 }, within "5s", from(h), clause "GRP-02 CAL-03")
c:start("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "60s", from(h), clause "CMF-15")
never(watch, "LineParkStatus", { status = "CALLPARK" }, within "1s", from(h), clause "GRP-02")

-- Out of the group while connected: told so, and nothing more comes.
h = mark()
c:leave_group("paula", "Standard CTI Allow Call Park Monitoring")
expect(paula, "ProviderUserChanged", { capabilities = 0 }, within "5s", from(h), clause "USR-04 GRP-02")
m = parked_by(anna, "1001", cleo)
expect(watch, "LineParkStatus", { dn = "7701", status = "CALLPARK" }, within "3s", from(m), clause "GRP-02")
never(paula, "LineParkStatus", within "1s", from(h), clause "GRP-02")
never(mute, "LineParkStatus", within "1s", from(h), clause "GRP-09")
never(ivr, "LineParkStatus", within "1ms", from(u), clause "GRP-02")
never(all, "LineParkStatus", within "1ms", from(u), clause "SUP-06")

-- Back in it: what it had asked for counts again.
h = mark()
c:join_group("paula", "Standard CTI Allow Call Park Monitoring")
expect(paula, "LineParkStatus", { dn = "7701", status = "CALLPARK", existing = true }, within "5s", from(h), clause "GRP-09 USR-04")
