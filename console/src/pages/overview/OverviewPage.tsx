import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Page } from '../../app/Page';
import { follow } from '../../app/router';
import { Nothing } from '../../components/ListPage';
import { CodeLine, FromTo, Live, Time } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { RunOutcome } from '../../components/run/RunStatus';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useRuns, type Run } from '../../services/runs';
import { shortId } from '../runs/RunsPage';

const recentMax = 50;
const listMax = 5;

function RunList({ runs }: { runs: Run[] }) {
  return (
    <div className="dth-list">
      {runs.slice(0, listMax).map((run) => (
        <div key={run.id}>
          <div className="dth-two">
            <span className="dth-row"><Link variant="secondary" href={`/runs/${run.id}`} onFollow={follow}><b>{shortId(run.id)}</b></Link> <span className="dth-small dth-muted"><Time at={run.endedAt ?? run.createdAt} /></span></span>
            <FromTo source={run.source} destination={run.destination} />
          </div>
          <RunOutcome run={run} />
        </div>
      ))}
    </div>
  );
}

export default function OverviewPage() {
  const { t } = useI18n();
  const f = useFormat();
  const query = useRuns(recentMax);
  const runs = query.data?.nodes ?? [];
  const running = runs.filter((run) => !run.isOver);
  const attention = runs.filter((run) => ['FAILED', 'COMPLETED_WITH_FAILURES', 'INTERRUPTED', 'WAITING'].includes(run.state));
  return (
    <Page title={t('nav.overview')}>
      <ContentLayout header={<Header variant="h1" info={<Live />}>{t('nav.overview')}</Header>}>
        <SpaceBetween size="l">
          {query.error && !query.data && <RegionError error={query.error} onRetry={() => void query.refetch()} />}
          {query.data && runs.length === 0 && (
            <Container><Nothing title={t('overview.empty')} text={t('overview.empty.text')} action={<CodeLine text="dth copy s3://SOURCE/ s3://DESTINATION/" />} /></Container>
          )}
          {runs.length > 0 && (
            <>
              <Container header={<Header variant="h2" counter={`(${f.count(running.length)})`}>{t('overview.running')}</Header>}>
                {running.length > 0 ? <RunList runs={running} /> : <Nothing title={t('overview.idle')} />}
              </Container>
              {attention.length > 0 && <Container header={<Header variant="h2" counter={`(${f.count(attention.length)})`}>{t('overview.attention')}</Header>}><RunList runs={attention} /></Container>}
            </>
          )}
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}
