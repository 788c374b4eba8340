// What people turn and press, and the start of it all.
function checkbox(text, on, change) {
	const box = el('input', { type: 'checkbox' });
	box.checked = on;
	box.addEventListener('change', () => {
		change(box.checked);
		filter();
	});
	return el('label', {}, box, ' ' + text);
}

function makeTools() {
	const calls = new Set();
	for (let i = 0; i < rows.n_rows; i++)
		if (rows.c[i])
			calls.add(rows.c[i]);
	$('call').append(...[...calls].map(c => el('option', { value: c }, texts[c])));
	$('device-list').append(...deviceRows.slice(0, 2000).map(d => el('option', { value: d.name })));
	$('lanes').append('Programs: ', ...data.programs.map((p, i) => checkbox(programName(i), true,
		on => on ? view.hidden.delete(i) : view.hidden.add(i))));
	$('kinds').append('Kinds: ', ...Object.entries(KIND_LABELS).map(([k, text]) =>
		checkbox(text, view.kinds[k], on => view.kinds[k] = on)));
}

function ladderLegend() {
	const sample = (...parts) => svg('svg', { width: 70, height: 20 }, ...parts);
	const line = (cls, x2) => svg('line', { class: cls, x1: 4, x2: x2 || 62, y1: 10, y2: 10 });
	const head = cls => svg('path', { class: cls, d: 'M64 10l-7 -3.5v7z' });
	const mark = (x, text, cls) => svg('text', { class: 'mark ' + (cls || ''), x, y: 15 }, text);
	const lane = cls => sample(svg('line', { class: cls, x1: 35, x2: 35, y1: 0, y2: 20 }));
	const items = [
		[sample(line('a-phone'), head('a-phone')), 'between a phone and its CallManager (SCCP)'],
		[sample(line('a-cti'), head('a-cti')), 'between an application and its CTIManager'],
		[sample(line('a-sdl'), head('a-sdl')), 'between the servers (SDL links)'],
		[sample(line('a-bad gone', 35), mark(35, '\u2715')), 'sent, and never handled: it was under way ' +
			'when the connection or the program ended, or the program is frozen'],
		[sample(line('a-bad gone', 24), mark(24, '\u2298')), 'not sent: the link was out of service'],
		[sample(line('a-bad gone', 56), mark(58, '\u2715')), 'arrived and was discarded'],
		[sample(line('a-sdl gone'), svg('circle', { class: 'a-sdl', cx: 10, cy: 10, r: 4 })),
			'a link came into service, as the program at the dot knows it; red: went out of service'],
		[sample(svg('rect', { class: 'foldbar', x: 4, width: 60, y: 8, height: 4 })),
			'heartbeats, keepalives and media ticks of a stretch of time, folded'],
		[lane('lane-up'), 'the program runs'],
		[lane('lane-down'), 'the program is down'],
		[lane('lane-frozen'), 'the program is frozen'],
		[sample(mark(20, '\u2715'), mark(50, '\u2744', 'cold')),
			'where a fault struck: killed or ended; frozen'],
		[sample(mark(12, '\u2600', 'fine'), mark(35, '\u25b2', 'fine'), mark(58, '\u2713', 'fine')),
			'thawed; started; healed'],
		[sample(mark(20, '\u2702'), mark(50, '\u2248')), 'a line between two programs cut; slowed'],
	];
	$('ladder-legend').append(...items.map(([image, text]) => el('li', {}, image, text)));
}

function onKey(e) {
	const moves = { ArrowDown: [1, () => true], ArrowUp: [-1, () => true], n: [1, isFault],
		p: [-1, isFault] };
	if (moves[e.key]) {
		step(...moves[e.key]);
		e.preventDefault();
	} else if (e.key === 'Enter' && view.selected >= 0) {
		showDetail(view.selected);
	} else if (e.key === 'Escape') {
		$('detail').hidden = true;
	}
}

function reset() {
	$('find').value = $('device').value = '';
	$('call').value = '0';
	setChain(0);
	filter();
}

function setPrinting(on) {
	view.printing = deviceView.printing = on;
	$('print-note').hidden = !on || view.shown.length <= PRINTED_MAX;
	$('print-note').textContent = 'The first ' + PRINTED_MAX + ' of ' + view.shown.length +
		' rows; the page itself has the others.';
	for (const d of document.querySelectorAll('td details'))
		d.open = on;
	drawDevices();
	drawHead();
	draw();
}

makeTools();
ladderLegend();
drawOverview();
filter();
for (const id of ['find', 'device'])
	$(id).addEventListener('input', filterSoon);
$('call').addEventListener('change', filter);
$('reset').addEventListener('click', reset);
$('fault-next').addEventListener('click', () => step(1, isFault));
$('fault-prev').addEventListener('click', () => step(-1, isFault));
$('ladder-box').addEventListener('scroll', () => requestAnimationFrame(draw));
$('ladder-box').addEventListener('keydown', onKey);
$('ladder-rows').addEventListener('click', e => {
	const row = e.target.closest('.row');
	if (row)
		select(Number(row.dataset.row), true);
});
$('overview').addEventListener('click', e =>
	goToTime(e.offsetX / $('overview').clientWidth * Math.max(data.to, 1)));
addEventListener('resize', () => {
	drawDevices();
	drawOverview();
	drawHead();
	draw();
});
addEventListener('beforeprint', () => setPrinting(true));
addEventListener('afterprint', () => setPrinting(false));
