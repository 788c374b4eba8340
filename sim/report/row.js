// One row of the ladder: its picture and its words.
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
