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
