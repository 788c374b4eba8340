// The timeline of devices: only the rows that are in sight are drawn.
const HELD = 0, IN = 1, OUT = 2, CLOSED = 3;
const KINDS = ['device', 'SCCP phone', 'SIP phone', 'CTI port', 'route point'];
const KIND_ORDER = [5, 3, 4, 2, 1];
const AXIS_H = 34, BAR_H = 16, THIN_H = 9, PAD = 6;

const deviceView = { from: 0, to: Math.max(data.to, 1), list: [], tops: [], printing: false };

const deviceRows = data.devices.map(d => {
	const tracks = d[2].slice().sort((a, b) => a[0] - b[0]);
	const bad = tracks.some(([, spans]) => {
		for (let i = 0; i < spans.length; i += 5)
			if (spans[i + 2] === OUT || spans[i + 2] === CLOSED)
				return true;
		return false;
	});
	if (!tracks.length || tracks[0][0] >= 0)
		tracks.unshift([-1, []]);
	return { name: texts[d[0]], kind: d[1], tracks, moves: d[3], bad: bad || d[3].length > 0,
		height: PAD * 2 + BAR_H + (tracks.length - 1) * (THIN_H + 3) };
}).sort((a, b) => KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || (a.name < b.name ? -1 : 1));
for (const d of deviceRows)
	d.height = Math.max(d.height, 22 + 13);

function deviceSizes() {
	const width = $('device-box').clientWidth || 800;
	const names = width < 600 ? 104 : 200;
	return { names, width: Math.max(width - names - 2, 100) };
}

const place = (t, width) => (t - deviceView.from) / (deviceView.to - deviceView.from) * width;

function tickStep(span) {
	let step = 1e5;
	while (span / step > 10)
		step *= span / step > 50 ? 10 : span / step > 20 ? 5 : 2;
	return step;
}

function ticks(width) {
	const marks = [];
	const step = tickStep((deviceView.to - deviceView.from) * 900 / Math.max(width, 300));
	for (let t = Math.ceil(deviceView.from / step) * step; t <= deviceView.to; t += step)
		marks.push(t);
	return { marks, digits: step >= 1e9 ? 0 : step >= 1e8 ? 1 : step >= 1e7 ? 2 : 3 };
}

function drawAxis() {
	const { names, width } = deviceSizes();
	const { marks, digits } = ticks(width);
	const picture = svg('svg', { width: names + width, height: AXIS_H });

	picture.append(svg('text', { x: 6, y: AXIS_H - 8 }, 'time, s'));
	for (const t of marks) {
		const x = names + place(t, width);
		picture.append(svg('line', { class: 'tick', x1: x, x2: x, y1: AXIS_H - 5, y2: AXIS_H }),
			svg('text', { x: x + 3, y: AXIS_H - 7 }, (t / 1e9).toFixed(digits)));
	}
	for (const i of faultRows) {
		const x = place(rows.t[i], width);
		if (x < 0 || x > width)
			continue;
		const mark = svg('text', { class: mendClass(i, 'faultmark'), x: names + x - 6, y: 13 },
			faultSign(i),
			svg('title', {}, seconds(rows.t[i]) + ' s: ' + texts[rows.x[i]]));
		mark.addEventListener('click', () => goToTime(rows.t[i]));
		picture.append(mark);
	}
	$('device-axis').replaceChildren(picture);
}

function spanText(service, node, why) {
	if (service === HELD)
		return 'registered at ' + nodeName(node);
	if (service === IN)
		return 'in service' + (node ? ' at ' + nodeName(node) : '');
	return (service === OUT ? 'out of service' : 'closed') + (why ? ': ' + texts[why] : '');
}

function drawSpan(picture, spans, i, y, h, width, who) {
	const [from, to, service, node, why] = spans.slice(i, i + 5);
	const a = Math.max(place(from, width), 0), b = Math.min(place(to, width), width);
	if (b < 0 || a > width)
		return;
	const shape = svg('rect', { x: a, y, width: Math.max(b - a, 1), height: h, rx: 2,
		class: service === OUT ? 'out' : service === CLOSED ? 'closed' : nodeClass(node) },
	svg('title', {}, who + ': ' + spanText(service, node, why) + '\n' + seconds(from) + ' - ' +
		seconds(to) + ' s (' + took(to - from) + ')'));
	picture.append(shape);
	const label = service === OUT ? texts[why] : service === CLOSED ? 'closed' : nodeName(node);
	if (b - a > 24 && h >= THIN_H) {
		const room = Math.floor((b - a - 6) / (h > 10 ? 6.4 : 5.6));
		picture.append(svg('text', { class: 'on', x: a + 4, y: y + h - (h > 10 ? 4 : 1),
			style: h > 10 ? null : 'font-size:9px;pointer-events:none' },
		label.length <= room ? label : room > 3 ? label.slice(0, room - 1) + '\u2026' : ''));
	}
}

function drawDevice(d) {
	const { names, width } = deviceSizes();
	const picture = svg('svg', { width, height: d.height, role: 'img', 'aria-label': d.name });
	const who = p => p < 0 ? 'CallManagers' : data.programs[p][2] === APP.phones ? 'phone itself' :
		programName(p);

	d.tracks.forEach(([program, spans], k) => {
		const y = k ? PAD + BAR_H + 3 + (k - 1) * (THIN_H + 3) : PAD;
		for (let i = 0; i < spans.length; i += 5)
			drawSpan(picture, spans, i, y, k ? THIN_H : BAR_H, width, who(program));
	});
	for (const i of faultRows) {
		const x = place(rows.t[i], width);
		if (x >= 0 && x <= width)
			picture.append(svg('line', { class: mendClass(i, 'faultline'), x1: x, x2: x, y1: 0,
				y2: d.height }));
	}
	for (let i = 0; i < d.moves.length; i += 4) {
		const [t, from, to, home] = d.moves.slice(i, i + 4);
		const x = place(t, width);
		if (x >= 0 && x <= width)
			picture.append(svg('text', { class: 'move', x: x - 6, y: PAD + BAR_H - 4 },
				home ? '\u21a9' : '\u21aa', svg('title', {}, (home ? 'rehomed' : 'failed over') +
				' from ' + nodeName(from) + ' to ' + nodeName(to) + ' at ' + seconds(t) + ' s')));
	}
	const below = d.tracks.slice(1).map(t => who(t[0])).join(', ');
	const row = el('div', { class: 'device', style: 'height:' + d.height + 'px' },
		el('div', { class: 'device-name', style: 'width:' + names + 'px', title: d.name + ', ' +
			KINDS[d.kind] + (below ? '; thin bars: ' + below : '') }, names < 150 ? shortName(d.name, names) : d.name,
		el('small', {}, KINDS[d.kind] + (below ? ' \u00b7 ' + below : ''))), picture);
	return row;
}

function drawDevices() {
	const box = $('device-box');
	const { list, tops } = deviceView;
	const limit = deviceView.printing ? Math.min(list.length, 400) : list.length;
	let first = 0, last = limit;

	if (!deviceView.printing) {
		while (first < limit - 1 && tops[first + 1] < box.scrollTop - 100)
			first++;
		last = first;
		while (last < limit && tops[last] < box.scrollTop + box.clientHeight + 200)
			last++;
	}
	drawAxis();
	$('device-above').style.height = (limit ? tops[first] : 0) + 'px';
	$('device-below').style.height = (tops[limit] - tops[last]) + 'px';
	$('device-rows').replaceChildren(...list.slice(first, last).map(drawDevice));
}

function findDevices() {
	const wanted = $('device-find').value.toLowerCase();
	const moved = $('device-moved').checked;
	let top = 0;

	deviceView.list = deviceRows.filter(d => d.name.toLowerCase().includes(wanted) &&
		(!moved || d.bad));
	deviceView.tops = [0];
	for (const d of deviceView.list)
		deviceView.tops.push(top += d.height);
	$('device-count').textContent = deviceView.list.length + ' of ' + deviceRows.length;
	// Room for the axis and all rows, up to what the style allows.
	$('device-box').style.height = Math.max(top, 20) + AXIS_H + 4 + 'px';
	drawDevices();
}

function zoom(how) {
	const span = deviceView.to - deviceView.from, whole = Math.max(data.to, 1);
	const middle = (deviceView.to + deviceView.from) / 2;
	const width = how === 'in' ? span / 2 : how === 'out' ? span * 2 : how === 'all' ? whole : span;
	const shift = how === 'left' ? -span / 2 : how === 'right' ? span / 2 : 0;
	const next = Math.max(Math.min(width, whole), 1e6);

	deviceView.from = Math.max(0, Math.min(middle + shift - next / 2, whole - next));
	deviceView.to = deviceView.from + next;
	drawDevices();
}

function deviceLegend() {
	const item = (cls, text) => el('span', {}, el('i', { class: 'swatch ' + cls }), text);
	$('device-legend').append(...data.nodes.map((n, i) => item(nodeClass(i + 1), 'at ' + n)),
		item('out', 'out of service, with its cause'), item('closed', 'closed'),
		el('span', {}, '\u21aa failed over'), el('span', {}, '\u21a9 rehomed to a higher priority'),
		el('span', { class: 'r1' }, '\u26a1 fault'), el('span', { class: 'r0' }, '\u21ba restored'));
}

deviceLegend();
findDevices();
if (!deviceRows.length)
	$('device-box').hidden = true;
$('device-find').addEventListener('input', findDevices);
$('device-moved').addEventListener('change', findDevices);
$('device-box').addEventListener('scroll', () => requestAnimationFrame(drawDevices));
for (const b of document.querySelectorAll('[data-zoom]'))
	b.addEventListener('click', () => zoom(b.dataset.zoom));
