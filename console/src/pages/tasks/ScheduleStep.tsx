import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNow } from '../../app/clock';
import { useNarrow } from '../../components/useNarrow';
import { NextRuns } from '../../components/schedule/NextRuns';
import { needsZone, dayNames, scheduleWords } from '../../components/schedule/words';
import { zones } from '../../components/schedule/zone';
import { cronOfDraft, errorAt, scheduleInputOf, scheduleModes, type DaysMode, type ScheduleDraft } from '../../components/task/draft';
import { useFormat, useI18n } from '../../i18n/i18n';
import type { StepProps } from './KindStep';

const timesMax = 24;
const daysModes = ['every', 'week', 'month'] as const;
const units = ['MINUTES', 'HOURS', 'DAYS'] as const;
type Change = (part: Partial<ScheduleDraft>) => void;

function DaysAndTimes({ schedule, change, error }: { schedule: ScheduleDraft; change: Change; error?: string }) {
  const { t, locale } = useI18n();
  const narrow = useNarrow();
  const names = dayNames(locale);
  const isFit = cronOfDraft(schedule) !== undefined;
  // Weeks begin on Monday, as most calendars have it.
  const order = [1, 2, 3, 4, 5, 6, 0];
  return (
    <SpaceBetween size="l">
      <FormField stretch label={narrow ? undefined : t('schedule.days')}>
        <SpaceBetween size="s">
          <SegmentedControl selectedId={schedule.days} label={t('schedule.days')} options={daysModes.map((id) => ({ id, text: t(`schedule.days.${id}`) }))} onChange={({ detail }) => change({ days: detail.selectedId as DaysMode })} />
          {schedule.days === 'week' && (
            <div className="dth-row" role="group" aria-label={t('schedule.days.week')}>
              {order.map((day) => <Checkbox key={day} checked={schedule.weekdays.includes(day)} onChange={({ detail }) => change({ weekdays: detail.checked ? [...schedule.weekdays, day] : schedule.weekdays.filter((each) => each !== day) })}>{names[day]}</Checkbox>)}
            </div>
          )}
          {schedule.days === 'month' && <Input value={schedule.monthDays} ariaLabel={t('schedule.monthdays')} placeholder="1, 15" onChange={({ detail }) => change({ monthDays: detail.value })} />}
        </SpaceBetween>
      </FormField>
      <FormField stretch label={t('schedule.times')} errorText={error ?? (isFit ? undefined : t('schedule.times.unfit'))}>
        <div className="dth-row">
          {schedule.times.map((time, i) => (
            // The place is what a time is: two of them may be the same while they are typed.
            <span key={i} className="dth-time">
              <Input value={time} type="text" inputMode="numeric" placeholder="20:00" ariaLabel={t('schedule.time', { n: i + 1 })} onChange={({ detail }) => change({ times: schedule.times.map((each, at) => (at === i ? detail.value : each)) })} />
              {schedule.times.length > 1 && <Button variant="icon" iconName="close" ariaLabel={t('schedule.time.remove', { time })} onClick={() => change({ times: schedule.times.filter((_, at) => at !== i) })} />}
            </span>
          ))}
          {schedule.times.length < timesMax && <Button iconName="add-plus" onClick={() => change({ times: [...schedule.times, ''] })}>{t('schedule.time.add')}</Button>}
        </div>
      </FormField>
    </SpaceBetween>
  );
}

function When({ schedule, change, errors }: { schedule: ScheduleDraft; change: Change; errors: StepProps['errors'] }) {
  const { t } = useI18n();
  if (schedule.mode === 'ONCE') {
    return (
      <FormField stretch label={t('schedule.at')} errorText={errorAt(errors, 'at')}>
        <div className="dth-row">
          <Input value={schedule.date} type="text" ariaLabel={t('schedule.date')} placeholder="2026-12-31" onChange={({ detail }) => change({ date: detail.value.trim() })} />
          <span className="dth-time"><Input value={schedule.time} type="text" inputMode="numeric" ariaLabel={t('schedule.time', { n: 1 })} placeholder="20:00" onChange={({ detail }) => change({ time: detail.value.trim() })} /></span>
        </div>
      </FormField>
    );
  }
  if (schedule.mode === 'EVERY') {
    const options = units.map((value) => ({ value, label: t(`schedule.unit.${value}`) }));
    return (
      <FormField stretch label={t('schedule.every')} description={schedule.everyUnit === 'DAYS' ? t('schedule.every.days') : undefined} errorText={errorAt(errors, 'everyCount', 'everyUnit', 'anchor')}>
        <div className="dth-row">
          <span className="dth-time"><Input value={schedule.everyCount} type="text" inputMode="numeric" ariaLabel={t('schedule.every.count')} onChange={({ detail }) => change({ everyCount: detail.value })} /></span>
          <Select selectedOption={options.find(({ value }) => value === schedule.everyUnit) ?? null} options={options} ariaLabel={t('schedule.unit')} onChange={({ detail }) => change({ everyUnit: detail.selectedOption.value as ScheduleDraft['everyUnit'] })} />
        </div>
      </FormField>
    );
  }
  if (schedule.mode === 'TIMES') return <DaysAndTimes schedule={schedule} change={change} error={errorAt(errors, 'cron')} />;
  if (schedule.mode === 'CRON') {
    return (
      <FormField stretch label={t('schedule.kind.CRON')} description={t('schedule.cron.text')} errorText={errorAt(errors, 'cron')}>
        <Input value={schedule.cron} spellcheck={false} autoComplete="off" onChange={({ detail }) => change({ cron: detail.value })} />
      </FormField>
    );
  }
  return null;
}

const isComplete = (schedule: ScheduleDraft) => {
  const input = scheduleInputOf(schedule);
  return schedule.mode === 'ONCE' ? Boolean(input.at) : schedule.mode === 'EVERY' ? (input.everyCount ?? 0) > 0 : input.kind !== 'CRON' || input.cron !== '';
};

export function ScheduleStep({ draft, set, errors }: StepProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const f = useFormat();
  const now = useNow(false);
  const { schedule } = draft;
  const change: Change = (part) => set({ schedule: { ...schedule, ...part } });
  const input = scheduleInputOf(schedule);
  const said = { kind: input.kind, at: input.at ?? null, everyCount: input.everyCount ?? null, everyUnit: input.everyUnit ?? null, cron: input.cron ?? null };
  const isFit = isComplete(schedule);
  const zoneChoices = zones().map((value) => ({ value, label: value }));
  const words = isFit ? scheduleWords(said, i18n, f, now) : t('schedule.incomplete');
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('schedule.when')}</Header>}>
        <SpaceBetween size="l">
          <FormField stretch errorText={errorAt(errors, 'kind', 'schedule')}>
            <SegmentedControl selectedId={schedule.mode} label={t('schedule.when')} options={scheduleModes.map((id) => ({ id, text: t(`schedule.kind.${id}`) }))} onChange={({ detail }) => change({ mode: detail.selectedId as ScheduleDraft['mode'] })} />
          </FormField>
          <When schedule={schedule} change={change} errors={errors} />
          {schedule.mode !== 'MANUAL' && (
            <FormField stretch label={t('schedule.zone')} description={t('schedule.zone.text')} errorText={errorAt(errors, 'zone')}>
              <Select selectedOption={zoneChoices.find(({ value }) => value === schedule.zone) ?? { value: schedule.zone, label: schedule.zone }} options={zoneChoices} filteringType="auto" virtualScroll expandToViewport ariaLabel={t('schedule.zone')} onChange={({ detail }) => change({ zone: detail.selectedOption.value ?? schedule.zone })} />
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      <ColumnLayout columns={schedule.mode === 'MANUAL' ? 1 : 2}>
        <Container fitHeight header={<Header variant="h2" description={schedule.mode === 'MANUAL' || !isFit || !needsZone({ kind: input.kind, everyUnit: input.everyUnit ?? null }) ? words : `${words}, ${schedule.zone}`}>{t('schedule.next')}</Header>}>
          <NextRuns schedule={input} enabled={isFit} />
        </Container>
        {schedule.mode !== 'MANUAL' && (
          <Container fitHeight header={<Header variant="h2">{t('schedule.otherwise')}</Header>}>
            <SpaceBetween size="l">
              <FormField stretch label={t('schedule.overlap')} errorText={errorAt(errors, 'overlap')}><RadioGroup value={schedule.overlap} items={(['SKIP', 'QUEUE', 'REPLACE'] as const).map((value) => ({ value, label: t(`schedule.overlap.${value}`) }))} onChange={({ detail }) => change({ overlap: detail.value as ScheduleDraft['overlap'] })} /></FormField>
              <FormField stretch label={t('schedule.missed')} errorText={errorAt(errors, 'missed')}><RadioGroup value={schedule.missed} items={(['RUN_ONCE', 'SKIP'] as const).map((value) => ({ value, label: t(`schedule.missed.${value}`) }))} onChange={({ detail }) => change({ missed: detail.value as ScheduleDraft['missed'] })} /></FormField>
            </SpaceBetween>
          </Container>
        )}
      </ColumnLayout>
    </SpaceBetween>
  );
}
