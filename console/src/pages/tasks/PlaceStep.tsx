import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ConnectionTest } from '../../components/endpoint/ConnectionTest';
import { PlaceBrowser } from '../../components/endpoint/PlaceBrowser';
import { bucketOf, levelOf, prefixOf } from '../../components/endpoint/place';
import { useLack } from '../../components/run/RunActions';
import { errorAt, type PlaceDraft } from '../../components/task/draft';
import { useI18n } from '../../i18n/i18n';
import { endpointsMax, useEndpointKinds, useEndpoints, type TestEndpointInput } from '../../services/endpoints';
import type { StepProps } from './KindStep';

/** Where a test lists, reads and writes: in the bucket, or in the directory. */
const triedIn = (path: string, hasServer: boolean) => (hasServer ? { bucket: bucketOf(path) || null, prefix: levelOf(prefixOf(path)) || null } : { bucket: levelOf(path) || null, prefix: null });

interface Props extends StepProps {
  side: 'source' | 'destination';
  onNewEndpoint: () => void;
}

/** Where a task reads or writes: the endpoint, then a place in its store, typed or chosen. */
export function PlaceStep({ side, draft, set, errors, onNewEndpoint }: Props) {
  const { t, word, hubText } = useI18n();
  const place = draft[side];
  const lack = useLack('ADMIN');
  const query = useEndpoints(endpointsMax);
  const kinds = useEndpointKinds();
  const [asked, ask] = useState<TestEndpointInput>();
  const change = (part: Partial<PlaceDraft>) => set({ [side]: { ...place, ...part } });
  const titleOf = (vendor: string, kind: string) => { const found = kinds.data?.endpointTemplates.find(({ name }) => name === vendor); return found ? hubText('vendor', vendor, found.title) : word('store', kind); };
  const choices = (query.data?.nodes ?? []).map(({ id, name, vendor, kind, address, credential }) => ({
    value: id, label: name, description: [titleOf(vendor, kind), address ?? t('endpoint.thishost'), credential?.name].filter(Boolean).join(' · '),
  }));
  const endpoint = query.data?.nodes.find(({ id }) => id === place.endpointId);
  const hasServer = endpoint ? (kinds.data?.endpointKinds.find(({ name }) => name === endpoint.kind)?.hasServer ?? true) : true;
  const writes = side === 'destination' && draft.action !== 'VERIFY';
  const first: TestEndpointInput = { id: place.endpointId, bucket: null, prefix: null, access: ['READ'] };
  const full: TestEndpointInput = { id: place.endpointId, ...triedIn(place.path, hasServer), access: writes ? ['READ', 'WRITE'] : ['READ'] };
  const input = asked?.id === place.endpointId ? asked : first;
  const retest = () => {
    if (JSON.stringify(full) === JSON.stringify(input)) return false;
    ask(full);
    return true;
  };
  const level = levelOf(place.path);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description={t('endpoints.text')}>{t('endpoint.connection')}</Header>}>
        <SpaceBetween size="l">
          <FormField stretch label={t('endpoint.title')} errorText={errorAt(errors, 'endpointId')} secondaryControl={<Button iconName="add-plus" disabled={Boolean(lack)} disabledReason={lack} onClick={onNewEndpoint}>{t('endpoint.new')}</Button>}>
            <Select selectedOption={choices.find(({ value }) => value === place.endpointId) ?? null} options={choices} placeholder={t('endpoint.choose')} filteringType={choices.length > 6 ? 'auto' : 'none'} triggerVariant="option" expandToViewport ariaLabel={t('endpoint.title')}
              empty={t('endpoints.none')} statusType={query.isPending ? 'loading' : query.error ? 'error' : 'finished'} loadingText={t('loading')} errorText={query.error?.message} recoveryText={t('error.again')} onLoadItems={({ detail }) => { if (detail.samePage) void query.refetch(); }}
              onChange={({ detail }) => change({ endpointId: detail.selectedOption.value ?? '', path: '' })} />
          </FormField>
          {place.endpointId && <ConnectionTest input={input} auto onTest={retest} />}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description={t(side === 'source' ? 'task.source.text' : writes ? 'task.destination.text' : 'task.verified.text')}>{t(side === 'source' ? 'task.source.what' : 'task.destination.where')}</Header>}>
        <SpaceBetween size="l">
          <FormField stretch label={t(hasServer ? 'task.path' : 'task.directory')} constraintText={t(side === 'source' ? 'task.path.text' : 'task.path.to')} errorText={errorAt(errors, 'path', side)}>
            <Input value={place.path} autoComplete="off" spellcheck={false} placeholder={hasServer ? 'bucket/prefix/' : '/srv/data/'} onChange={({ detail }) => change({ path: detail.value.replace(/^s3:\/\//, '') })} />
          </FormField>
          {place.endpointId ? <PlaceBrowser at={{ endpointId: place.endpointId }} path={level} onPath={(path) => change({ path })} chosen={place.path} onChoose={(path) => change({ path })} />
            : <Box color="text-body-secondary">{t('browse.endpoint')}</Box>}
          {draft.action === 'SYNC' && side === 'destination' && <Alert type="info">{t('task.sync.text')}</Alert>}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
