// The ladder: columns are programs and some phones, rows what happened. Which rows there are is an array of
// numbers; only those in sight are drawn.
const view = {
	shown: [],	   // numbers of rows
	folded: new Map(), // a fold that others were joined to: their numbers
	lanes: [], laneOf: new Map(),
	hidden: new Set(), // programs
	kinds: { keepalives: true, links: true, alarms: false, inside: false },
	chain: 0, selected: -1, printing: false,
};
const KIND_LABELS = {
	keepalives: 'heartbeats and keepalives, folded', links: 'links, starts and ends',
	alarms: 'alarms', inside: 'signals and decisions inside programs',
};
const PRINTED_MAX = 1500, PHONE_LANES_MAX = 4;
const processes = data.processes; // [program, type, name of the type, instance, label]
const lower = [];		  // texts in lower case, made when they are looked at

const lowerText = i => lower[i] === undefined ? lower[i] = texts[i].toLowerCase() : lower[i];
const programOf = i => processes[i][0];
const narrow = () => !view.printing && window.innerWidth <= 720;
const rowHeight = () => narrow() ? 44 : 22;

function processText(i) {
	const [p, type, name, inst, label] = processes[i];
	const [, node, app] = data.programs[p];
	if (!type && !inst)
		return programName(p);
	return (type ? texts[name] || 'process' : 'connection') + '(' + [node, app, type, inst].join(',') +
		')' + (label ? ' ' + texts[label] : '') + ' in ' + programName(p);
}

// ---- columns --------------------------------------------------------------------------------
// Phones with calls get a column of their own, as long as they are few.
function phonesWithCalls() {
	const seen = new Map();
	for (let i = 0; i < rows.n_rows; i++) {
		if (rows.k[i] !== SIGNAL || !texts[rows.n[i]].match(/^Station(OffHook|CallState|CallInfo)$/))
			continue;
		for (const p of [rows.f[i], rows.o[i]]) {
			const label = processes[p][4];
			if (label && data.programs[programOf(p)][2] === APP.phones)
				seen.set(label, (seen.get(label) || 0) + 1);
		}
	}
	return [...seen].sort((a, b) => b[1] - a[1]).slice(0, PHONE_LANES_MAX).map(s => s[0]);
}

const ownLane = new Set(phonesWithCalls());
const RANK = { [APP.phones]: 0, [APP.callmanager]: 1, [APP.ctimanager]: 2, [APP.cti]: 3,
	[APP.harness]: 4 };

function laneKey(process) {
	const [p, , , , label] = processes[process];
	return label && ownLane.has(label) && data.programs[p][2] === APP.phones ? -label : p;
}

function makeLanes() {
	const used = new Set();
	for (const i of view.shown) {
		if (rows.k[i] <= DISCARDED) {
			used.add(laneKey(rows.f[i]));
			used.add(laneKey(rows.o[i]));
		} else if (rows.k[i] === FAULT) {
			const [, a, b] = data.faults[rows.e[i]];
			for (const p of a.concat(b))
				if (!view.hidden.has(p))
					used.add(p);
		}
	}
	if (![...used].length)
		data.programs.forEach((p, i) => view.hidden.has(i) || used.add(i));
	const lanes = [...used].map(key => {
		const program = key >= 0 ? key : data.programs.findIndex(p => p[2] === APP.phones);
		const [name, node, app] = data.programs[program];
		const [a, b] = key < 0 ? [texts[-key], 'phone'] : app === APP.cti ?
			[texts[name].replace(/^app:/, ''), 'application'] : texts[name].split(/:(.*)/);
		return { key, program, node, app, a, b: b || '', rank: RANK[app] === undefined ? 5 : RANK[app] };
	});
	lanes.sort((x, y) => x.rank - y.rank || x.node - y.node || (y.key < 0) - (x.key < 0) ||
		(x.a < y.a ? -1 : 1));
	view.lanes = lanes;
	view.laneOf = new Map(lanes.map((l, i) => [l.key, i]));
}

function sizes() {
	const box = $('ladder-box').clientWidth - 2 || 800;
	const n = Math.max(view.lanes.length, 1);
	if (narrow())
		return { time: 0, step: Math.max(box / n, 20), width: Math.max(box, 20 * n) };
	const step = Math.max(view.printing ? 16 : 44, Math.min(110, (view.printing ? 380 : box * 0.52) / n));
	return { time: 84, step, width: step * n };
}

function drawHead() {
	const { time, step } = sizes();
	$('ladder-head').replaceChildren(el('div', { style: 'width:' + time + 'px;flex:none' }),
		...view.lanes.map(l => {
			const head = el('div', { class: 'lane', style: 'width:' + step + 'px', title: l.a +
				(l.b ? ':' + l.b : '') }, el('b', {}, shortName(l.a, step)), el('span', {}, l.b));
			if (l.node <= 20)
				head.style.borderTopColor = 'var(--n' + ((l.node - 1) % 8 + 1) + ')';
			return head;
		}));
}

// The lives of programs: [first row, what it is from there on: 0 down, 1 up, 2 frozen]. The data has times; the
// rows that tell of a change say where within an instant it was.
function makeLives() {
	const lives = data.programs.map(() => []), next = data.programs.map(() => 0);
	for (let i = 0; i < rows.n_rows; i++) {
		const k = rows.k[i];
		const touched = k === FAULT ? data.faults[rows.e[i]][1] : k === PROGRAM ?
			[programOf(rows.f[i])] : [];
		for (const p of touched) {
			const changes = data.programs[p][3];
			while (next[p] < changes.length && changes[next[p]] <= rows.t[i]) {
				lives[p].push([i, changes[next[p] + 1]]);
				next[p] += 2;
			}
		}
	}
	return lives;
}
const lives = makeLives();

// -1: not yet there.
function lifeAt(program, row) {
	const changes = lives[program];
	let low = 0, high = changes.length;
	if (!high)
		return 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (changes[middle][0] <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? changes[low - 1][1] : -1;
}

// ---- one row --------------------------------------------------------------------------------
const LIFE_CLASS = ['lane-down', 'lane-up', 'lane-frozen'];

function arrowClass(i) {
	if (rows.k[i] === VANISHED || rows.k[i] === NOT_SENT || rows.k[i] === DISCARDED)
		return 'a-bad';
	const apps = [data.programs[programOf(rows.f[i])][2], data.programs[programOf(rows.o[i])][2]];
	if (apps.includes(APP.harness))
		return 'a-other';
	return apps.includes(APP.phones) ? 'a-phone' : apps.includes(APP.cti) ? 'a-cti' : 'a-sdl';
}

function arrow(i, x1, x2, y, step) {
	const k = rows.k[i], cls = arrowClass(i), parts = [];
	if (x1 === x2) {
		parts.push(svg('path', { class: cls + ' hollow', d: `M${x1} ${y - 5}h9v8h-4` }),
			svg('path', { class: cls, d: `M${x1 + 1} ${y + 3}l5 -3v6z` }));
		return parts;
	}
	const way = Math.sign(x2 - x1);
	const end = k === NOT_SENT ? x1 + way * step * 0.35 : k === VANISHED ? (x1 + x2) / 2 : x2 - way;
	parts.push(svg('line', { class: cls + (k === SIGNAL ? '' : ' gone'), x1, x2: end, y1: y, y2: y }));
	if (k === SIGNAL)
		parts.push(svg('path', { class: cls, d: `M${end} ${y}l${-way * 7} -3.5v7z` }));
	else
		parts.push(svg('text', { class: 'mark', x: end - (k === DISCARDED ? way * 6 : 0), y: y + 5 },
			k === NOT_SENT ? '\u2298' : '\u2715'));
	return parts;
}

const FAULT_MARKS = ['\u26a1', '\u2715', '\u2715', '\u2744', '\u2600', '\u25b2', '\u2702', '\u2713',
	'\u2248'];

function faultMarks(i, middle, y) {
	const [verb, a, b] = data.faults[rows.e[i]];
	const cls = 'mark' + (verb === 3 ? ' cold' : isMend(i) ? ' fine' : '');
	const at = list => list.filter(p => view.laneOf.has(p)).map(p => middle(view.laneOf.get(p)));
	const xa = at(a), xb = at(b);
	const mark = x => svg('text', { class: cls, x, y: y + 5 }, FAULT_MARKS[verb]);
	if (!xb.length)
		return xa.map(mark);
	return xa.flatMap(x => xb.flatMap(z => [svg('line', { class: 'a-bad gone', x1: x, x2: z, y1: y,
		y2: y }), mark((x + z) / 2)]));
}

function foldMarks(i, middle, y) {
	const parts = [];
	for (const fold of foldsOf(i))
		for (let k = 1; k < fold.length; k += 5) {
			const a = view.laneOf.get(fold[k + 1]), b = view.laneOf.get(fold[k + 2]);
			if (a !== undefined && b !== undefined && a !== b)
				parts.push(svg('rect', { class: 'foldbar', x: Math.min(middle(a), middle(b)),
					width: Math.abs(middle(a) - middle(b)), y: y - 2, height: 4 }));
		}
	return parts.slice(0, 12);
}

function picture(i) {
	const { step, width } = sizes();
	const h = narrow() ? 24 : 22, y = h / 2, k = rows.k[i];
	const middle = lane => (lane + 0.5) * step;
	const image = svg('svg', { width, height: h, 'aria-hidden': 'true' });

	view.lanes.forEach((l, n) => {
		const life = lifeAt(l.program, i);
		if (life >= 0)
			image.append(svg('line', { class: LIFE_CLASS[life], x1: middle(n), x2: middle(n),
				y1: 0, y2: h }));
	});
	const lane = process => view.laneOf.get(laneKey(process));
	if (k <= DISCARDED && lane(rows.f[i]) !== undefined && lane(rows.o[i]) !== undefined)
		image.append(...arrow(i, middle(lane(rows.f[i])), middle(lane(rows.o[i])), y, step));
	else if (k === FAULT)
		image.append(...faultMarks(i, middle, y));
	else if (k === FOLD)
		image.append(...foldMarks(i, middle, y));
	else if (k === LINK && lane(rows.f[i]) !== undefined && lane(rows.o[i]) !== undefined)
		image.append(svg('line', { class: (rows.e[i] ? 'a-sdl' : 'a-bad') + ' gone', y1: y, y2: y,
			x1: middle(lane(rows.f[i])), x2: middle(lane(rows.o[i])) }), svg('circle', { r: 4,
			class: rows.e[i] ? 'a-sdl' : 'a-bad', cx: middle(lane(rows.f[i])), cy: y }));
	else if ((k === PROGRAM || k === ALARM || k === INFO) && lane(rows.f[i]) !== undefined)
		image.append(svg('rect', { class: k === ALARM ? 'a-bad' : 'a-other', y: y - 4, width: 8,
			height: 8, x: middle(lane(rows.f[i])) - 4 }));
	return image;
}

const foldsOf = i => [i].concat(view.folded.get(i) || []).map(n => data.folds[rows.e[n]]);

function foldText(i) {
	const counts = new Map();
	let n = 0, lost = 0, to = 0;
	for (const fold of foldsOf(i)) {
		to = fold[0];
		for (let k = 1; k < fold.length; k += 5) {
			n += fold[k + 3] + fold[k + 4];
			lost += fold[k + 4];
			counts.set(fold[k], (counts.get(fold[k]) || 0) + fold[k + 3] + fold[k + 4]);
		}
	}
	return [n + ' folded', [...counts].map(([name, c]) => texts[name] + ' ' + c).join(', ') +
		(to > rows.t[i] ? ', until ' + seconds(to) : '') + (lost ? ' - ' + lost + ' of them never handled' : ''), lost];
}

// The device that a signal is about, as far as it is one of those above; else the phone that has part in it.
function deviceOf(i) {
	if (knownDevices.has(rows.d[i]))
		return rows.d[i];
	for (const p of [rows.o[i], rows.f[i]])
		if (knownDevices.has(processes[p][4]))
			return processes[p][4];
	return 0;
}

// What helps to find one's way in a row; numbers that only programs need are left to the details.
function gist(i) {
	const fields = texts[rows.x[i]].split(' ').filter(f =>
		!/^(seq|async_response|device_handle|line_handle|device_pid)=/.test(f)).join(' ');
	const device = texts[deviceOf(i)];
	return [fields.includes(device) ? '' : device, fields].filter(t => t).join(' \u00b7 ');
}

// What a row says: [its head, the rest].
function words(i) {
	const text = texts[rows.x[i]];
	const withGist = why => [why, gist(i)].filter(t => t).join(' \u00b7 ');
	switch (rows.k[i]) {
	case VANISHED:
		return [texts[rows.n[i]], withGist('sent, never handled')];
	case NOT_SENT:
		return [texts[rows.n[i]], withGist('not sent: no connection')];
	case DISCARDED:
		return [texts[rows.n[i]] || 'frame', withGist('discarded: ' + texts[rows.s[i]])];
	case FOLD:
		return foldText(i);
	case FAULT:
		return [faultSign(i) + ' ' + text, ''];
	case NARRATION:
		return ['\u201c' + text + '\u201d', ''];
	case VERDICT: {
		const v = data.verdicts[rows.e[i]];
		return [RESULT_MARKS[v[0]] + ' ' + (v[1] ? v[1] + ' ' : '') + RESULTS[v[0]], text];
	}
	case LINK:
		return [texts[rows.n[i]], processText(rows.f[i]) + ' to ' + processText(rows.o[i]) +
			(text ? ': ' + text : '')];
	case PROGRAM:
		return [processText(rows.f[i]), text];
	case ALARM:
		return ['alarm', text];
	case INFO:
		return [processText(rows.f[i]), text];
	default:
		return [texts[rows.n[i]], gist(i)];
	}
}

function drawRow(i) {
	const k = rows.k[i], [head, rest] = words(i);
	const cls = ['row'];
	if (k === VANISHED || k === NOT_SENT || k === DISCARDED ||
	    (k === VERDICT && data.verdicts[rows.e[i]][0] === 1) || (k === LINK && !rows.e[i]))
		cls.push('bad');
	cls.push({ [FAULT]: 'fault', [NARRATION]: 'told', [FOLD]: 'fold', [INSIDE]: 'inside',
		[INFO]: 'inside' }[k]);
	if (k === FAULT && isMend(i))
		cls.push('mend');
	if (i === view.selected)
		cls.push('selected');
	const tone = k === VERDICT ? 'r' + data.verdicts[rows.e[i]][0] : null;
	const row = el('div', { class: cls.filter(c => c).join(' '), style: 'height:' + rowHeight() + 'px',
		'data-row': i }, el('div', { class: 't', style: narrow() ? null : 'width:' + sizes().time + 'px',
		title: clock(rows.t[i]) }, fine(rows.t[i])), k === NARRATION ? null : picture(i),
	el('div', { class: 'x', title: head + ' ' + rest }, el('b', { class: tone }, head), ' ',
		el('span', {}, rest)));
	return row;
}

// ---- the window -----------------------------------------------------------------------------
function draw() {
	const box = $('ladder-box'), h = rowHeight();
	const n = view.printing ? Math.min(view.shown.length, PRINTED_MAX) : view.shown.length;
	const first = view.printing ? 0 : Math.max(0, Math.floor(box.scrollTop / h) - 8);
	const last = view.printing ? n : Math.min(n, first + Math.ceil(box.clientHeight / h) + 16);

	$('ladder-above').style.height = first * h + 'px';
	$('ladder-below').style.height = (n - last) * h + 'px';
	$('ladder-rows').replaceChildren(...view.shown.slice(first, last).map(drawRow));
	drawView();
}

// ---- what is shown --------------------------------------------------------------------------
function wanted() {
	const device = $('device').value.trim();
	return {
		words: $('find').value.toLowerCase().split(/\s+/).filter(w => w),
		device: device ? texts.indexOf(device) : 0, // -1: no such text
		call: Number($('call').value), chain: view.chain,
	};
}

function hasWords(i, list) {
	const parts = [rows.n[i], rows.x[i], rows.d[i], processes[rows.f[i]][4], processes[rows.o[i]][4]];
	return list.every(w => parts.some(p => lowerText(p).includes(w)));
}

function isWanted(i, w, narrowed) {
	const k = rows.k[i];
	if (k === FAULT || k === NARRATION || k === VERDICT)
		return true;
	if (k === FOLD)
		return view.kinds.keepalives && !narrowed && !foldHidden(i);
	if (view.hidden.has(programOf(rows.f[i])) || view.hidden.has(programOf(rows.o[i])))
		return false;
	if (k === LINK || k === PROGRAM)
		return view.kinds.links && !narrowed;
	if (k === ALARM)
		return view.kinds.alarms && (!w.words.length || hasWords(i, w.words));
	if ((k === INSIDE || k === INFO) && !view.kinds.inside)
		return false;
	if (w.device && rows.d[i] !== w.device && processes[rows.f[i]][4] !== w.device &&
	    processes[rows.o[i]][4] !== w.device)
		return false;
	return (!w.call || rows.c[i] === w.call) && (!w.chain || rows.g[i] === w.chain) &&
		(!w.words.length || hasWords(i, w.words));
}

function foldHidden(i) {
	const fold = data.folds[rows.e[i]];
	for (let k = 1; k < fold.length; k += 5)
		if (!view.hidden.has(fold[k + 1]) && !view.hidden.has(fold[k + 2]))
			return false;
	return true;
}

function filter() {
	const w = wanted(), narrowed = w.words.length || w.device || w.call || w.chain;
	const shown = [];
	let lastFold = -1, signals = 0;

	view.folded = new Map();
	for (let i = 0; i < rows.n_rows; i++) {
		if (!isWanted(i, w, narrowed))
			continue;
		if (rows.k[i] === FOLD && lastFold >= 0) {
			if (!view.folded.has(lastFold))
				view.folded.set(lastFold, []);
			view.folded.get(lastFold).push(i);
			continue;
		}
		lastFold = rows.k[i] === FOLD ? i : -1;
		signals += rows.k[i] <= DISCARDED;
		shown.push(i);
	}
	view.shown = shown;
	$('row-count').textContent = signals.toLocaleString('en') + ' signals in ' +
		shown.length.toLocaleString('en') + ' rows';
	makeLanes();
	drawHead();
	draw();
}

let filterLater = 0;
function filterSoon() {
	clearTimeout(filterLater);
	filterLater = setTimeout(filter, 120);
}

// ---- going places ---------------------------------------------------------------------------
function firstAt(t) {
	let low = 0, high = view.shown.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (rows.t[view.shown[middle]] < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

function select(i, details) {
	const box = $('ladder-box'), h = rowHeight();
	const n = view.shown.indexOf(i);
	if (n < 0)
		return;
	view.selected = i;
	if (n * h < box.scrollTop || (n + 3) * h > box.scrollTop + box.clientHeight)
		box.scrollTop = Math.max(0, n * h - box.clientHeight / 3);
	draw();
	if (details)
		showDetail(i);
}

goToTime = t => {
	const n = Math.min(firstAt(t), view.shown.length - 1);
	if (n < 0)
		return;
	$('signals').scrollIntoView();
	$('ladder-box').scrollTop = Math.max(0, n * rowHeight() - 60);
	select(view.shown[n], false);
};

function step(way, isStop) {
	let n = view.shown.indexOf(view.selected);
	if (n < 0)
		n = firstVisible() - (way > 0);
	for (n += way; n >= 0 && n < view.shown.length; n += way)
		if (isStop(view.shown[n]))
			return select(view.shown[n], !$('detail').hidden);
}
const firstVisible = () => Math.floor($('ladder-box').scrollTop / rowHeight());
const isFault = i => rows.k[i] === FAULT;

// ---- one row, in full -----------------------------------------------------------------------
function narrowButton(text, act) {
	const b = el('button', { type: 'button' }, text);
	b.addEventListener('click', () => {
		act();
		filter();
		select(view.selected, false);
	});
	return b;
}

function foldDetails(i, term) {
	for (const fold of foldsOf(i))
		for (let k = 1; k < fold.length; k += 5)
			term(texts[fold[k]], programName(fold[k + 1]) + ' \u2192 ' + programName(fold[k + 2]) +
				': ' + fold[k + 3] + (fold[k + 4] ? ', never handled: ' + fold[k + 4] : ''));
}

function verdictDetails(i, term) {
	const v = data.verdicts[rows.e[i]];
	term('clause', v[1] && v[1] + (v[2] ? ': ' + v[2] : ''));
	term('seen', v[5]);
	term('took', took(v[8]) + (v[7] ? ' of ' + took(v[7]) + ' allowed' : ''));
	term('source', v[3] && v[3] + ':' + v[6]);
}

function signalDetails(i, term) {
	term('from', processText(rows.f[i]));
	term('to', processText(rows.o[i]));
	term(rows.k[i] === DISCARDED ? 'why' : 'state', texts[rows.s[i]]);
	if (rows.l[i] > 0)
		term('on its way', took(rows.l[i]));
	term('fields', texts[rows.x[i]]);
	term('device', texts[deviceOf(i)]);
	term('call', texts[rows.c[i]]);
	term('chain', texts[rows.g[i]] && texts[rows.g[i]] + ' (the process and trigger that it began with)');
}

function showDetail(i) {
	const k = rows.k[i], list = el('dl', {});
	const term = (name, text) => text && list.append(el('dt', {}, name), el('dd', {}, text));
	const close = el('button', { type: 'button', class: 'close' }, 'Close');
	const buttons = el('p', {});

	term('time', (rows.t[i] / 1e9).toFixed(6) + ' s (' + clock(rows.t[i]) + ')');
	if (k <= DISCARDED)
		signalDetails(i, term);
	else if (k === FOLD)
		foldDetails(i, term);
	else if (k === VERDICT)
		verdictDetails(i, term);
	if (k <= DISCARDED && deviceOf(i))
		buttons.append(narrowButton('only this device', () => $('device').value =
			texts[deviceOf(i)]));
	if (k <= DISCARDED && rows.c[i])
		buttons.append(narrowButton('only this call', () => $('call').value = rows.c[i]));
	if (k <= DISCARDED && rows.g[i])
		buttons.append(narrowButton('only this chain', () => setChain(rows.g[i])));
	close.addEventListener('click', () => $('detail').hidden = true);
	const [head, rest] = words(i);
	$('detail').replaceChildren(close, el('h3', {}, k <= DISCARDED ? head : head + ' ' + rest), list,
		buttons);
	$('detail').hidden = false;
}

function setChain(chain) {
	view.chain = chain;
	$('chain').hidden = !chain;
	$('chain').textContent = 'chain ' + texts[chain];
}

// ---- the whole run in one strip ---------------------------------------------------------------
function drawOverview() {
	const width = $('overview').clientWidth || 800, h = 38, bins = Math.max(50, Math.floor(width / 4));
	const counts = new Array(bins).fill(0), end = Math.max(data.to, 1);
	const image = svg('svg', { width, height: h });

	for (let i = 0; i < rows.n_rows; i++)
		if (rows.k[i] <= DISCARDED && rows.k[i] !== INSIDE)
			counts[Math.max(0, Math.min(bins - 1, Math.floor(rows.t[i] / end * bins)))]++;
	const most = Math.log(1 + Math.max(...counts, 1));
	counts.forEach((c, n) => c && image.append(svg('rect', { class: 'bar', x: n / bins * width,
		width: width / bins - 0.5, y: h - Math.log(1 + c) / most * (h - 14),
		height: Math.log(1 + c) / most * (h - 14) })));
	for (const i of faultRows) {
		const x = rows.t[i] / end * width;
		image.append(svg('line', { class: mendClass(i, 'faultline'), x1: x, x2: x, y1: 12, y2: h }),
			svg('text', { class: mendClass(i, 'faultmark'), y: 12,
				x: Math.max(0, Math.min(x - 6, width - 14)) }, faultSign(i),
				svg('title', {}, seconds(rows.t[i]) + ' s: ' + texts[rows.x[i]])));
	}
	image.append(svg('rect', { class: 'view', id: 'overview-view', y: 0, height: h, x: 0, width: 0 }));
	$('overview').replaceChildren(image);
}

function drawView() {
	const mark = $('overview-view'), n = view.shown.length, first = firstVisible();
	if (!mark || !n)
		return;
	const last = Math.min(n - 1, first + Math.floor($('ladder-box').clientHeight / rowHeight()));
	const width = $('overview').clientWidth, end = Math.max(data.to, 1);
	const a = rows.t[view.shown[Math.min(first, n - 1)]] / end * width;
	mark.setAttribute('x', a);
	mark.setAttribute('width', Math.max(3, rows.t[view.shown[last]] / end * width - a));
}

// ---- tools ----------------------------------------------------------------------------------
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
