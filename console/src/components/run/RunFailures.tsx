import { useEffect, useMemo, useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useFailureGroups, useFailures, type Failure, type FailureFilter, type FailureGroup, type RunDetail } from '../../services/runs';
import type { Column } from '../ListPage';
import { firstPlace, LocalPages, type Place } from '../LocalPages';
import { sentence } from '../options/values';
import { Nothing } from '../Nothing';
import { PlainTable } from '../PlainTable';
import { Copy, Dash, Time } from '../parts';
import { RegionError } from '../RegionError';
import { useTyped } from '../useTyped';
import type { RunPlace } from './place';
import { OperatorButton, Retry, type Selection } from './RunActions';

/** What is wrong with an item. A verification compares: its mismatch is no damage on the way. */
function useCause(run: RunDetail) {
  const { t, word } = useI18n();
  const isMismatch = (of: { code: string; reason?: string | null }) => run.action === 'VERIFY' && of.code === 'DATA_CORRUPTED';
  return {
    isMismatch, nameOf: (of: { code: string; reason?: string | null }) => (isMismatch(of) ? t('failure.mismatch') : word('failure', of.reason ?? of.code)),
    stepOf: (of: { step?: string | null }) => (of.step ? word('step', of.step) : t(run.action === 'VERIFY' ? 'phase.VERIFY' : 'phase.COPY')),
  };
}

const groupId = ({ code, reason, step }: Pick<FailureGroup, 'code' | 'reason' | 'step'>) => [code, reason ?? '', step ?? ''].join('.');

/** What a retry of the group takes: the hub chooses by reason, or by code where there is none. */
function selectionOf(group: FailureGroup, groups: readonly FailureGroup[]): Selection {
  const same = groups.filter((each) => (group.reason ? each.reason === group.reason : each.code === group.code));
  const count = same.reduce((sum, each) => sum + Number(each.count), 0);
  return group.reason ? { count, reasons: [group.reason] } : { count, codes: [group.code] };
}

function Groups({ run, place, groups, chosen, isBeside }: { run: RunDetail; place: RunPlace; groups: readonly FailureGroup[]; chosen?: string; isBeside: boolean }) {
  const { t, hubText } = useI18n();
  const f = useFormat();
  const cause = useCause(run);
  const [retry, setRetry] = useState<Selection>();
  const choose = (id?: string) => place.go({ tab: 'failures', group: id, item: undefined });
  return (
    <>
      <PlainTable<FailureGroup> title={t('groups.title')} description={t('groups.text')} counter={`(${f.count(groups.length)})`} items={groups} idOf={groupId} loading={false} error={null} onRetry={() => undefined} empty={{ title: t('failures.none') }}
        columns={([
          { id: 'cause', header: t('failures.col.code'), minWidth: 260, cell: (group) => <div className="dth-two"><b>{cause.nameOf(group)}</b><span className="dth-small dth-muted">{cause.isMismatch(group) ? t('failure.mismatch.advice') : hubText('advice', group.reason ?? group.code, group.advice)}</span></div> },
          { id: 'count', short: true, header: t('groups.col.count'), width: 110, cell: (group) => <span className="dth-num">{f.count(Number(group.count))}</span> },
          { id: 'step', short: true, header: t('groups.col.step'), width: 150, cell: cause.stepOf },
          { id: 'sample', header: t('groups.col.sample'), width: 260, cell: (group) => <span className="dth-wrap">{group.sampleKey}</span> },
          { id: 'act', header: t('actions'), width: 190, cell: (group) => (
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="inline-link" ariaLabel={t('groups.show.of', { name: cause.nameOf(group) })} onClick={() => choose(chosen === groupId(group) ? undefined : groupId(group))}>{t(chosen === groupId(group) ? 'groups.all' : 'groups.show')}</Button>
              {run.isOver && run.action !== 'VERIFY' && <OperatorButton variant="inline-link" onClick={() => setRetry(selectionOf(group, groups))}>{t('retry.count', { count: f.count(selectionOf(group, groups).count) })}</OperatorButton>}
            </SpaceBetween>
          ) },
        ] satisfies Column<FailureGroup>[]).filter(({ id }) => !isBeside || id === 'cause' || id === 'count')} />
      {retry && <Retry run={run} selection={retry} onDismiss={() => setRetry(undefined)} />}
    </>
  );
}

/** What failed, by cause, and each item of the cause that was chosen. */
export function RunFailures({ run, place, onOpen, open }: { run: RunDetail; place: RunPlace; onOpen: (failure: Failure) => void; open?: Failure }) {
  const { t } = useI18n();
  const f = useFormat();
  const cause = useCause(run);
  const { item, group: chosen } = place.search;
  const failed = countsOf(run).failed;
  const groups = useFailureGroups(run.id, failed > 0);
  const group = groups.data?.find((each) => groupId(each) === chosen);
  const [text, setText] = useState('');
  const typed = useTyped(text);
  const filter: FailureFilter = { ...(group && { code: group.code, ...(group.reason && { reason: group.reason }), step: group.step ?? '' }), ...(typed && { text: typed }) };
  const key = `${chosen ?? ''}\n${typed}`;
  const [paged, setPaged] = useState<{ of: string; at: Place }>({ of: key, at: firstPlace });
  const at = paged.of === key ? paged.at : firstPlace;
  const query = useFailures(run.id, filter, failed > 0 && (!chosen || groups.isSuccess), at.after);
  // The hub chooses by code alone where there is no reason, and gives those that have one, too.
  const onlyWithout = Boolean(group && !group.reason);
  const shown = useMemo(() => (query.data?.nodes ?? []).filter(({ reason }) => !onlyWithout || !reason), [query.data, onlyWithout]);
  const isBeyond = Boolean(item && !open && query.isSuccess && !shown.some(({ key }) => key === item));
  const single = useFailures(run.id, { keyPrefix: item ?? '' }, failed > 0 && isBeyond);
  // A copied link opens the same object.
  useEffect(() => {
    const linked = item && !open ? (shown.find(({ key }) => key === item) ?? single.data?.nodes.find(({ key }) => key === item)) : undefined;
    if (linked) onOpen(linked);
  }, [item, open, shown, single.data, onOpen]);
  if (query.error) return <RegionError error={query.error} onRetry={() => void query.refetch()} />;
  if (failed === 0) return <Nothing title={t('failures.none')} />;
  const isSideBySide = Boolean(open);
  const total = onlyWithout ? (typed ? undefined : group?.count) : query.data?.totalCount;
  return (
    <SpaceBetween size="l">
      {groups.data && groups.data.length > 0 && <Groups run={run} place={place} groups={groups.data} chosen={chosen} isBeside={isSideBySide} />}
      {groups.error && <RegionError error={groups.error} onRetry={() => void groups.refetch()} />}
      <PlainTable<Failure> title={group ? t('failures.of', { name: cause.nameOf(group) }) : t('failures.title')} counter={total ? `(${f.count(Number(total))})` : undefined}
        items={shown} idOf={(failure) => `${failure.key}\n${failure.versionId ?? ''}`} loading={query.isPending} error={null} onRetry={() => void query.refetch()}
        filter={<div data-filter><TextFilter filteringText={text} filteringPlaceholder={t('failures.find')} filteringAriaLabel={t('failures.find')} onChange={({ detail }) => setText(detail.filteringText)} /></div>}
        empty={{ title: t('list.nomatch'), action: text ? <Button onClick={() => setText('')}>{t('list.clear')}</Button> : undefined }}
        pagination={<LocalPages place={at} data={query.data ?? undefined} onGo={(to) => setPaged({ of: key, at: to })} />}
        columns={([
          { id: 'key', header: t('failures.col.key'), width: 250, cell: (failure) => <Link variant="secondary" href={`?item=${encodeURIComponent(failure.key)}`} onFollow={(event) => { event.preventDefault(); onOpen(failure); }}><span className="dth-wrap">{failure.key}</span></Link> },
          { id: 'code', header: t('failures.col.code'), width: 150, cell: cause.nameOf },
          { id: 'message', header: t('failures.col.message'), minWidth: 260, cell: (failure) => <span className="dth-small dth-clamp three" title={failure.message}>{sentence(failure.message)}</span> },
          { id: 'size', short: true, header: t('failures.col.size'), width: 95, cell: (failure) => <span className="dth-num">{f.bytes(Number(failure.size))}</span> },
          { id: 'attempts', short: true, header: t('failures.col.attempts'), width: 100, cell: (failure) => <span className="dth-num">{f.count(failure.attempts)}</span> },
          { id: 'at', short: true, header: t('failures.col.at'), width: 115, cell: (failure) => <Time at={failure.at} /> },
        ] satisfies Column<Failure>[]).filter(({ id }) => !isSideBySide || id === 'key' || id === 'code')} />
    </SpaceBetween>
  );
}

/** All that is known of one failed item, beside the list. */
export function FailurePanel({ run, failure }: { run: RunDetail; failure: Failure }) {
  const { t } = useI18n();
  const f = useFormat();
  const cause = useCause(run);
  const [isAsking, ask] = useState(false);
  return (
    <SplitPanel header={t('panel.title')} closeBehavior="hide" hidePreferencesButton>
      <SpaceBetween size="l">
        <div><Box variant="awsui-key-label">{t('failures.col.key')}</Box><span className="dth-mono dth-wrap">{failure.key}</span></div>
        <div><Box variant="awsui-key-label">{t('panel.what')}</Box><span className="dth-wrap">{sentence(failure.message)}</span></div>
        {failure.detail && <div><Box variant="awsui-key-label">{t('panel.detail')}</Box><span className="dth-mono dth-wrap">{failure.detail}</span></div>}
        <KeyValuePairs columns={2} items={[
          { label: t('failures.col.code'), value: cause.nameOf(failure) }, { label: t('failures.col.size'), value: f.bytes(Number(failure.size)) },
          { label: t('failures.col.attempts'), value: f.count(failure.attempts) }, { label: t('failures.col.at'), value: <Time at={failure.at} relative={false} /> },
          { label: t('panel.step'), value: cause.stepOf(failure) }, { label: t('panel.version'), value: failure.versionId ? <Copy text={failure.versionId} /> : <Dash /> },
        ]} />
        <SpaceBetween direction="horizontal" size="m">
          {run.isOver && run.action !== 'VERIFY' && <OperatorButton onClick={() => ask(true)}>{t('retry.this')}</OperatorButton>}
          <Copy label={t('panel.support')} text={[failure.key, failure.message, failure.detail, failure.at].filter(Boolean).join('\n')} />
        </SpaceBetween>
        {isAsking && <Retry run={run} selection={{ count: 1, keys: [failure.key] }} onDismiss={() => ask(false)} />}
      </SpaceBetween>
    </SplitPanel>
  );
}
