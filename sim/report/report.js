'use strict';
// The page of one run: its data, what all parts share, and the story. Text of the run only ever becomes
// text nodes and attributes, never markup.
const data = JSON.parse(document.getElementById('data').textContent);
const texts = data.s;

const SIGNAL = 0, INSIDE = 1, VANISHED = 2, NOT_SENT = 3, DISCARDED = 4, FOLD = 5, FAULT = 6,
      NARRATION = 7, VERDICT = 8, LINK = 9, PROGRAM = 10, ALARM = 11, INFO = 12;
const APP = { callmanager: 100, ctimanager: 200, phones: 300, cti: 400, harness: 900 };
const RESULTS = ['passed', 'failed', 'unknown'];
const RESULT_MARKS = ['\u2714', '\u2718', '?'];

const $ = id => document.getElementById(id);

// An element with attributes and children (texts or nodes); undefined and null are left out.
function fill(node, attributes, children) {
	for (const [key, value] of Object.entries(attributes || {}))
		if (value !== undefined && value !== null && value !== false)
			node.setAttribute(key, value);
	for (const child of children.flat())
		if (child !== undefined && child !== null)
			node.append(child);
	return node;
}
const el = (tag, attributes, ...children) =>
	fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
	fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

// Times of the data are nanoseconds from the page's time zero.
const seconds = ns => (ns / 1e9).toFixed(3);
// Among signals, as far as there is room.
const fine = ns => (ns / 1e9).toFixed(data.to < 1e12 ? 6 : 3);
function took(ns) {
	if (ns < 0)
		return '';
	if (ns < 1e6)
		return (ns / 1e3).toFixed(0) + ' \u00b5s';
	return ns < 1e10 ? (ns / 1e6).toFixed(ns < 1e7 ? 1 : 0) + ' ms' : (ns / 1e9).toFixed(1) + ' s';
}
function clock(ns) {
	const ms = Math.round((data.day + ns) / 1e6) % 86400000;
	const two = n => String(Math.floor(n)).padStart(2, '0');
	return two(ms / 3600000) + ':' + two(ms / 60000 % 60) + ':' + two(ms / 1000 % 60) + '.' +
		String(ms % 1000).padStart(3, '0');
}

const nodeName = n => data.nodes[n - 1] || 'node ' + n;
const nodeClass = n => 'n' + (n > 0 ? (n - 1) % 8 + 1 : 0);
const knownDevices = new Set(data.devices.map(d => d[0]));
const programName = p => texts[data.programs[p][0]];

// A phone's name is told by its end.
const shortName = (name, step) => name.length * 8 < step || !/^SEP/.test(name) ? name :
	'SEP\u2026' + name.slice(-4);

// The rows, as columns; times made absolute once.
const rows = data.rows;
rows.n_rows = rows.k.length;
for (let i = 1; i < rows.n_rows; i++)
	rows.t[i] += rows.t[i - 1];

const faultRows = [];
for (let i = 0; i < rows.n_rows; i++)
	if (rows.k[i] === FAULT)
		faultRows.push(i);

// What undoes a fault is drawn as such: thaw, start, heal.
const isMend = i => [4, 5, 7].includes(data.faults[rows.e[i]][0]);
const faultSign = i => isMend(i) ? '\u21ba' : '\u26a1';
const mendClass = (i, cls) => cls + (isMend(i) ? ' mends' : '');

// The other parts say how one goes to a time; see ladder.js.
let goToTime = () => {};

function timeButton(ns) {
	const b = el('button', { type: 'button', class: 'link', title: clock(ns) +
		' - show this place among the signals' }, seconds(ns));
	b.addEventListener('click', () => goToTime(ns));
	return b;
}

function showHead() {
	const fact = (name, value) => value && $('facts').append(
		el('div', {}, el('dt', {}, name), el('dd', { class: 'mono' }, value)));
	const n = [0, 0, 0];
	let signals = 0;

	for (const v of data.verdicts)
		n[v[0]]++;
	for (let i = 0; i < rows.n_rows; i++)
		if (rows.k[i] <= DISCARDED)
			signals++;
	$('result').append(el('span', { class: 'badge r' + data.result },
		RESULT_MARKS[data.result] + ' ' + RESULTS[data.result]));
	$('title').textContent = data.title;
	fact('host', data.host);
	fact('seed', data.seed);
	fact('commit', data.commit);
	fact('topology', data.topology);
	fact('nodes', data.nodes.join(' '));
	fact('began', clock(0));
	fact('length', took(data.to));
	fact('signals', signals.toLocaleString('en'));
	fact('trace hash', data.hash);
	$('counts').textContent = n[0] + ' passed, ' + n[1] + ' failed' +
		(n[2] ? ', ' + n[2] + ' unknown' : '');
	if (data.repeat) {
		$('repeat').textContent = data.repeat;
		$('repeat-line').hidden = false;
	}
	const warnings = [];
	if (data.lost)
		warnings.push('The record was too small: its oldest ' + data.lost.toLocaleString('en') +
			' bytes were overwritten before this page was written.');
	if (data.leftOut)
		warnings.push(data.leftOut.toLocaleString('en') + ' rows are left out: those inside ' +
			'programs first, then the oldest.');
	$('warning').textContent = warnings.join(' ');
	$('warning').hidden = !warnings.length;
}

function copyLine() {
	const range = document.createRange();
	range.selectNodeContents($('repeat'));
	getSelection().removeAllRanges();
	getSelection().addRange(range);
	document.execCommand('copy');
	$('copy').textContent = 'Copied';
}

function verdictRow(i) {
	const [result, clause, clauseText, file, text, seen, line, deadline, duration, at] =
		data.verdicts[i];
	return el('tr', { class: 'verdict' + (result ? ' r' + result : '') },
		el('td', { class: 'time' }, timeButton(at)),
		el('td', { class: 'r' + result }, RESULT_MARKS[result] + '\u00a0' + RESULTS[result]),
		el('td', { class: 'what' }, text, seen ? el('span', { class: result ? 'seen' : 'seen fine' }, seen) : null),
		el('td', { class: 'clause' }, !clause ? null : !clauseText ? clause :
			el('details', {}, el('summary', { title: clauseText }, clause),
				el('p', {}, clauseText))),
		el('td', { class: 'took' }, duration >= 0 ? took(duration) : result ? 'not seen' : '',
			deadline ? ' (' + took(deadline) + ')' : null),
		el('td', { class: 'source mono' }, file ? file + ':' + line : null));
}

function storyRow(i) {
	if (rows.k[i] === VERDICT)
		return verdictRow(rows.e[i]);
	const fault = rows.k[i] === FAULT, mends = fault && isMend(i);
	return el('tr', { class: mends ? 'mend' : fault ? 'fault' : 'told' },
		el('td', { class: 'time' }, timeButton(rows.t[i])),
		el('td', {}, mends ? '\u21ba\u00a0restored' : fault ? '\u26a1\u00a0fault' : null),
		el('td', { class: 'what', colspan: 4 }, texts[rows.x[i]]));
}

function showStory() {
	const show = document.querySelector('input[name=show]:checked').value;
	const body = [];
	for (let i = 0; i < rows.n_rows; i++) {
		const k = rows.k[i];
		if (k === VERDICT ? show !== 'bad' || data.verdicts[rows.e[i]][0] !== 0
				  : (k === NARRATION || k === FAULT) && show === 'all')
			body.push(storyRow(i));
	}
	if (!body.length)
		body.push(el('tr', {}, el('td', { class: 'what', colspan: 6 }, 'Nothing.')));
	document.querySelector('#story-table tbody').replaceChildren(...body);
}

function showTimes() {
	if (!data.times.length)
		return;
	$('times').hidden = $('to-times').hidden = false;
	document.querySelector('#times-table tbody').replaceChildren(...data.times.map(t =>
		el('tr', {}, el('td', {}, t[0]),
			el('td', { class: 'took' }, t[1] < 0 ? 'not measured' : took(t[1])))));
}

showHead();
showStory();
showTimes();
$('copy').addEventListener('click', copyLine);
for (const radio of document.querySelectorAll('input[name=show]'))
	radio.addEventListener('change', showStory);
