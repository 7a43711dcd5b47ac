// The next times of many cron expressions in many zones, by ours and by three others. Where they
// are known to mean something else, it says so here; days on which clocks change are left to
// src/control/schedules/schedule_test.cc, since no two of them agree there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import AwsCron from 'aws-cron-parser';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Santiago', 'Pacific/Apia'];
const count = 12;

// A sequence that is the same each time.
let state = 20261130;
const below = (n) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * n);
};
const pick = (list) => list[below(list.length)];

const minutes = ['0', '30', '*/15', '5,35', '10-20/5', '59', '*'];
const hours = ['0', '4', '*/6', '9-17', '23', '8,20', '*'];
const monthDays = ['*', '*', '*', '1', '15', '28-31', '*/7', 'L'];
const months = ['*', '*', '*', '1', 'JAN,JUL', '2-4', '*/5'];
const weekDays = ['*', '*', '*', '1-5', 'MON', '0', '6,0', 'FRI'];
const fixed = ['0 0 29 2 *', '0 12 * * 5L', '0 12 * * 1#2', '0 0 31 * *', '@daily', '@weekly', '@monthly', '@yearly', '@hourly', '0 0 1 1 0', '59 23 31 12 *'];
const aws = ['0 10 * * ? *', '15 12 * * ? *', '0 18 ? * MON-FRI *', '0 8 1 * ? *', '0/15 * * * ? *', '0/10 8-17 ? * MON-FRI *', '0 9 L * ? *', '0 9 ? * 6L *', '0 9 ? * 2#1 *',
  '0 0 3W * ? *', '30 6 ? 1,7 1 *', '0 0 1 1 ? 2027-2035', '0 12 ? * SUN *'];

const cases = [];
for (let i = 0; i < 400; ++i) cases.push([pick(minutes), pick(hours), pick(monthDays), pick(months), pick(weekDays)].join(' '));
cases.push(...fixed);
const questions = cases.map((text) => ({ text, kind: 'unix', zone: pick(zones), after: 1767225600 + below(86400 * 365) }));
for (const text of aws) for (let i = 0; i < 4; ++i) questions.push({ text, kind: 'aws', zone: 'UTC', after: 1767225600 + below(86400 * 365) });

const asked = spawnSync(process.argv[2], { input: questions.map((q) => `${q.zone}\t${q.after}\t${count}\t${q.text}\n`).join(''), encoding: 'utf8', maxBuffer: 1 << 26 });
assert.equal(asked.status, 0, asked.stderr);
const answers = asked.stdout.trimEnd().split('\n');
assert.equal(answers.length, questions.length);

// Offsets of the zone on the days around; a time on such a day is not compared.
const offsetOf = (zone, seconds) => new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(new Date(seconds * 1000)).find((part) => part.type === 'timeZoneName').value;
const isNearClockChange = (zone, seconds) => offsetOf(zone, seconds - 86400) !== offsetOf(zone, seconds + 86400);

function byCronParser({ text, zone, after }) {
  const parsed = CronExpressionParser.parse(text, { currentDate: new Date(after * 1000), tz: zone });
  return Array.from({ length: count }, () => Math.floor(parsed.next().getTime() / 1000));
}
function byCroner({ text, zone, after }) {
  return new Cron(text, { timezone: zone, legacyMode: true }).nextRuns(count, new Date(after * 1000)).map((time) => time.getTime() / 1000);
}
function byAws({ text, after }) {
  const parsed = AwsCron.parse(text);
  const times = [];
  let from = new Date(after * 1000);
  while (times.length < count) {
    const next = AwsCron.next(parsed, from);
    if (!next) break;
    times.push(next.getTime() / 1000);
    from = next;
  }
  return times;
}

const tally = { compared: 0, times: 0, differing: [] };
questions.forEach((question, i) => {
  assert.ok(!answers[i].startsWith('refused'), `${question.text}: ${answers[i]}`);
  const ours = answers[i].split(' ').filter(Boolean).map(Number);
  const oracles = question.kind === 'aws' ? { 'aws-cron-parser': byAws } : { 'cron-parser': byCronParser, croner: byCroner };
  for (const [name, ask] of Object.entries(oracles)) {
    const { text, zone } = question;
    // A field that begins with * restricts nothing, says crontab(5); these two take a step for a restriction.
    const [, , day, , weekDay] = text.split(' ');
    if (question.kind === 'unix' && day?.startsWith('*/') && weekDay !== '*') continue;
    const theirs = ask(question);
    ++tally.compared;
    const calm = (times) => times.filter((time) => !isNearClockChange(zone, time));
    const end = Math.min(ours.at(-1) ?? 0, theirs.at(-1) ?? 0);
    const mine = calm(ours).filter((time) => time <= end), other = calm(theirs).filter((time) => time <= end);
    tally.times += mine.length;
    if (JSON.stringify(mine) !== JSON.stringify(other)) tally.differing.push(`${name}: '${text}' in ${zone} after ${question.after}\n  ours   ${mine.map((s) => new Date(s * 1000).toISOString())}\n  theirs ${other.map((s) => new Date(s * 1000).toISOString())}`);
  }
});
console.log(`${tally.compared} comparisons of ${tally.times} times, ${tally.differing.length} differ`);
assert.equal(tally.differing.length, 0, tally.differing.slice(0, 20).join('\n'));
assert.ok(tally.times > 4000);
