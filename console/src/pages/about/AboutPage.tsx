import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Page } from '../../app/Page';
import { CodeLine, Copy, Dash, Time } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useHub } from '../../services/hub';

export default function AboutPage() {
  const { t, word } = useI18n();
  const f = useFormat();
  const hub = useHub();
  return (
    <Page title={t('nav.about')}>
      <ContentLayout header={<Header variant="h1" description={t('about.text')}>{t('nav.about')}</Header>}>
        <SpaceBetween size="l">
          {hub.error && <RegionError error={hub.error} onRetry={() => void hub.refetch()} />}
          <Container header={<Header variant="h2">{t('about.hub')}</Header>}>
            <KeyValuePairs columns={2} items={[
              { label: t('about.version'), value: hub.data ? <Copy text={hub.data.version} /> : <Dash /> },
              { label: t('about.started'), value: <Time at={hub.data?.startedAt} /> },
              { label: t('about.zone'), value: hub.data?.zone ?? <Dash /> },
              { label: t('about.state'), value: hub.data ? <>{word('statekind', hub.data.state.kind)}, <span className="dth-num">{f.bytes(Number(hub.data.state.bytes))}</span></> : <Dash /> },
              ...(hub.data?.host ? [{ label: t('about.directory'), value: <Copy text={hub.data.host.dataDirectory} /> }, { label: t('about.file'), value: hub.data.host.stateFile ? <Copy text={hub.data.host.stateFile} /> : <Dash /> }] : []),
            ]} />
          </Container>
          <Container header={<Header variant="h2" description={t('about.api.text')}>{t('about.api')}</Header>}>
            <CodeLine text={`curl -sS ${location.origin}/graphql -H 'Content-Type: application/json' -d '{"query": "{ hub { version } }"}'`} />
          </Container>
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}
