-- What a user controls changes while his application is connected: it is told of each device that it gained or lost, and what is taken
-- away while it is open is closed. The same for the right of control of all devices.
local ALL = "Standard CTI Allow Control of All Devices"
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })
local two = c:app("two", { user = "ivr", ctimanagers = { "ccm1" } })
local b   = c:phone "SEP000000000002"

for _, app in ipairs { ivr, two } do
	app:open "CTIRP_5000"
	expect(app, "LineInService", { device = "CTIRP_5000" }, within "5s", clause "USR-01")
end
ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001" }, within "5s", clause "USR-01")

-- Taken away: told, closed, and nothing else changes.
local m = mark()
c:dissociate("ivr", "CTIRP_5000")
for _, app in ipairs { ivr, two } do
	expect(app, sequence {
		{ "ProviderDeviceConfigurationChanged", device = "CTIRP_5000", change = "REMOVED" },
		{ "LineClosed", device = "CTIRP_5000", reason = "ACCESS_TO_DEVICE_DENIED" },
		{ "DeviceClosed", device = "CTIRP_5000", reason = "ACCESS_TO_DEVICE_DENIED" },
	}, within "5s", from(m), clause "USR-04")
end
never(ivr, "DeviceClosed", { device = "CTIP_6001" }, within "1s", from(m), clause "USR-04")
ivr:open "CTIRP_5000"
expect(ivr, "Response", { result = "ACCESS_TO_DEVICE_DENIED" }, within "2s", from(m), clause "USR-01")

-- Given back: told, and nothing is opened by itself.
m = mark()
c:associate("ivr", "CTIRP_5000")
expect(two, "ProviderDeviceConfigurationChanged", { device = "CTIRP_5000", change = "CREATED" }, within "5s", from(m), clause "USR-04")
ivr:open "CTIRP_5000"
expect(ivr, "LineInService", { device = "CTIRP_5000" }, within "5s", from(m), clause "USR-04")

-- A call that is offered to who loses the device goes where those of a failed application go.
m = mark()
b:call "5000"
expect(ivr, "NewCall", { device = "CTIRP_5000" }, within "2s", from(m))
c:dissociate("ivr", "CTIRP_5000")
expect(ivr, "DeviceClosed", { device = "CTIRP_5000" }, within "5s", from(m), clause "USR-04")
expect(c:phone "SEP000000000008", "StationCallState", { state = "RingIn" }, within "5s", from(m), clause "USR-04 APF-03")
b:hangup()

-- Control of all devices: without it a device cannot be acquired, with it any; without it again what is not his own is closed.
m = mark()
ivr:acquire "SEP000000000002"
expect(ivr, "Response", { result = "ACCESS_TO_DEVICE_DENIED" }, within "2s", from(m), clause "SUP-01")
c:join_group("ivr", ALL)
expect(ivr, "ProviderUserChanged", { capabilities = 16 }, within "5s", from(m), clause "GRP-04 USR-04")
m = mark()
ivr:acquire "SEP000000000002"
expect(ivr, "ProviderDeviceConfigurationChanged", { device = "SEP000000000002", change = "CREATED" }, within "2s", from(m), clause "SUP-02")
ivr:open "SEP000000000002"
ivr:open "SEP000000000003"
expect(ivr, "DeviceInService", { device = "SEP000000000002" }, within "5s", from(m), clause "SUP-02 SUP-03")
expect(ivr, "DeviceInService", { device = "SEP000000000003" }, within "5s", from(m), clause "SUP-01 SUP-04")
m = mark()
ivr:deacquire "SEP000000000002"
expect(ivr, sequence {
	{ "ProviderDeviceConfigurationChanged", device = "SEP000000000002", change = "REMOVED" },
	{ "DeviceClosed", device = "SEP000000000002" },
}, within "5s", from(m), clause "SUP-02")
ivr:acquire "SEP000000000004"
expect(ivr, "ProviderDeviceConfigurationChanged", { device = "SEP000000000004", change = "CREATED" }, within "2s", from(m), clause "SUP-02")

m = mark()
c:leave_group("ivr", ALL)
expect(ivr, sequence {
	{ "ProviderUserChanged", capabilities = 0 },
	{ "ProviderDeviceConfigurationChanged", device = "SEP000000000004", change = "REMOVED" },
	{ "ProviderDeviceConfigurationChanged", device = "SEP000000000003", change = "REMOVED" },
	{ "DeviceClosed", device = "SEP000000000003", reason = "ACCESS_TO_DEVICE_DENIED" },
}, within "5s", from(m), clause "USR-04 GRP-04")
never(ivr, "DeviceClosed", { device = "CTIP_6001" }, within "1s", from(m), clause "USR-04")

-- Out of Standard CTI Enabled: the provider ends.
m = mark()
c:leave_group("ivr", "Standard CTI Enabled")
expect(ivr, "ProviderClosed", { reason = "DIRECTORY_LOGIN_NOT_ALLOWED" }, within "10s", from(m), clause "GRP-01")
