import { useI18n } from '../../i18n/i18n';
import type { Run } from '../../services/runs';

/** What began a run: a schedule, somebody, a retry, the command line. */
export function Trigger({ run }: { run: Pick<Run, 'trigger' | 'triggeredBy'> }) {
  const { word } = useI18n();
  const isSomebody = run.triggeredBy && run.trigger !== 'SCHEDULE' && run.trigger !== 'COMMAND_LINE';
  return <div className="dth-two"><span>{word('trigger', run.trigger)}</span>{isSomebody && <span className="dth-small dth-muted">{run.triggeredBy}</span>}</div>;
}
