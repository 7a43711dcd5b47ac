import type { CSSProperties, ReactNode } from 'react';
import Badge from '@cloudscape-design/components/badge';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useNow } from '../app/clock';
import { writeLabel } from './labels';
import { useFormat, useI18n } from '../i18n/i18n';
import { useConnection } from '../services/connection';
import { useSubscriptionFailure } from '../services/socket';

/** Nothing to show: said to the eye by a dash, to a screen reader by a word. */
export function Dash() {
  const { t } = useI18n();
  return <span className="dth-muted" role="img" aria-label={t('none')}>–</span>;
}

export function Labels({ labels }: { labels: readonly { name: string; value: string }[] }) {
  if (labels.length === 0) return <Dash />;
  return <span className="dth-row">{labels.map((label) => <Badge key={label.name}>{writeLabel(label)}</Badge>)}</span>;
}

export function Time({ at, relative = true }: { at: string | null | undefined; relative?: boolean }) {
  const f = useFormat();
  const now = useNow(relative);
  if (!at) return <Dash />;
  const date = new Date(at);
  return <time dateTime={at} title={f.full(date)}>{relative ? f.ago(date, now) : f.when(date, now)}</time>;
}

/** How long something has taken until now, ticking. */
export function Elapsed({ since, until }: { since: string; until?: string | null }) {
  const f = useFormat();
  const now = useNow(!until);
  const end = until ? new Date(until) : now;
  return <span className="dth-num">{f.duration(Math.max(0, (end.getTime() - new Date(since).getTime()) / 1000))}</span>;
}

export function Live() {
  const { t } = useI18n();
  const { state } = useConnection();
  const failure = useSubscriptionFailure();
  if (state === 'live' && failure) {
    const why = failure === 'lost' ? t('live.polling.help') : t('live.refused.help', { message: failure.refused });
    return <span className="dth-live grey" title={why}>{t('live.polling')}</span>;
  }
  const isLive = state === 'live';
  return <span className={`dth-live${isLive ? '' : ' grey'}`} title={isLive ? t('live.help') : undefined}>{t(isLive ? 'live' : 'live.reconnecting')}</span>;
}

export function FromTo({ source, destination, titles = [] }: { source?: string | null; destination?: string | null; titles?: readonly string[] }) {
  const { t } = useI18n();
  return (
    <div className="dth-route">
      <span className="label">{t('from')}</span>{source ? <span className="dth-ellipsis" title={titles[0] ?? source}>{source}</span> : <Dash />}
      <span className="label">{t('to')}</span>{destination ? <span className="dth-ellipsis" title={titles[1] ?? destination}>{destination}</span> : <Dash />}
    </div>
  );
}

export interface BarPart {
  /** 0 to 1; the rest of the bar where it is missing. */
  share?: number;
  look: 'done' | 'soft' | 'todo' | 'good' | 'bad' | 'warn' | 'grey' | 'open';
}
export function Bar({ parts, size, label }: { parts: BarPart[]; size?: 'tall' | 'thin'; label: string }) {
  return (
    <div className={`dth-bar ${size ?? ''}`} role="img" aria-label={label}>
      {parts.filter((part) => part.share !== 0).map((part) => (
        <i key={part.look} className={part.look} style={part.share === undefined ? undefined : ({ inlineSize: `${part.share * 100}%` } as CSSProperties)} />
      ))}
    </div>
  );
}

export function Figure({ label, value, note }: { label: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="dth-figure">
      <span className="dth-muted">{label}</span>
      <span className="value">{value}</span>
      {note !== undefined && <span className="dth-small dth-muted dth-num">{note}</span>}
    </div>
  );
}

export function Copy({ text, label }: { text: string; label?: string }) {
  const { t } = useI18n();
  return (
    <CopyToClipboard variant="inline" textToCopy={text} textToDisplay={label} copyButtonAriaLabel={t('copy.label', { text: label ?? text })}
      copySuccessText={t('copy.done')} copyErrorText={t('copy.failed')} />
  );
}

/** A document of several lines, with a button that copies it. */
export function Code({ text }: { text: string }) {
  const { t } = useI18n();
  return (
    <div className="dth-codeline">
      {/* It scrolls, so the keyboard has to reach it. */}
      <code tabIndex={0} role="region" aria-label={t('task.document')}>{text.trimEnd()}</code>
      <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={t('copy')} copySuccessText={t('copy.done')} copyErrorText={t('copy.failed')} />
    </div>
  );
}

/** A command or a secret, with a button that copies it. */
export function CodeLine({ text }: { text: string }) {
  const { t } = useI18n();
  return (
    <div className="dth-codeline">
      <code>{text}</code>
      <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={t('copy')} copySuccessText={t('copy.done')} copyErrorText={t('copy.failed')} />
    </div>
  );
}
