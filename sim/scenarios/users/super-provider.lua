-- An application that may control all devices has work with ten thousand ports, and 2,500 are within its limit: it works through all
-- of them, 2,500 at a time, and no limit is crossed before it opens more at once, which succeeds.
local c   = cluster "ten-thousand-ports"
local all = c:app("all", { user = "all", ctimanagers = { "ccm1" } })

local AT_ONCE = 2500
local start = mark()

local function port(i)
	return ("CTIP_%d"):format(20000 + i)
end

for first = 1, 10000, AT_ONCE do
	local last = first + AT_ONCE - 1
	local m = mark()
	for i = first, last do
		all:open(port(i))
	end
	-- In order of asking: the last one ends the round.
	expect(all, "LineInService", { device = port(last), dn = tostring(20000 + last) }, within "60s", from(m), clause "SUP-05")
	expect(all, "LineInService", { device = port(first) }, within "60s", from(m), clause "SUP-05")
	m = mark()
	if last < 10000 then
		for i = first, last do
			all:close(port(i))
		end
		-- Requests have numbers: one for the provider, then per device its open, its line's and its close.
		expect(all, "Response", { seq = 1 + 3 * last, result = "SUCCESS" }, within "60s", from(m), clause "SUP-05")
	end
end
never(c, "MaxDevicesPerProviderExceeded", within "1s", from(start), clause "SUP-05 MGR-07")
never(c, "MaxDevicesPerNodeExceeded", within "1ms", from(start), clause "SUP-05 MGR-08")

local m = mark()
all:open(port(1))
expect(all, "LineInService", { device = port(1) }, within "5s", from(m), clause "SUP-05 MGR-09")
expect(c, "MaxDevicesPerProviderExceeded", within "2s", from(m), clause "SUP-05 MGR-07")
expect(c, "MaxDevicesPerNodeExceeded", within "2s", from(m), clause "SUP-05 MGR-08")
m = mark()
all:open(port(2))
expect(all, "LineInService", { device = port(2) }, within "5s", from(m), clause "SUP-05 MGR-09")
never(c, "MaxDevicesPerProviderExceeded", within "1s", from(m), clause "MGR-09")
