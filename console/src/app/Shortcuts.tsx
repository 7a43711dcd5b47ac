import { useEffect, useRef } from 'react';
import Modal from '@cloudscape-design/components/modal';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Toggle from '@cloudscape-design/components/toggle';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useI18n, type MessageKey } from '../i18n/i18n';
import { router } from './router';
import { recall, remember } from './storage';

const places: Record<string, { to: string; label: MessageKey }> = {
  o: { to: '/overview', label: 'nav.overview' },
  t: { to: '/tasks', label: 'nav.tasks' },
  r: { to: '/runs', label: 'nav.runs' },
};
const chordMilliseconds = 1_200;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Keys for the whole console, and the window that lists them. Off in fields, and where the reader turned them off. */
export function Shortcuts({ shown, onShow }: { shown: boolean; onShow: (shown: boolean) => void }) {
  const { t } = useI18n();
  const [on, setOn] = useState(() => recall('keys') !== 'off');
  const went = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!on || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') onShow(true);
      else if (event.key === 'c' && location.pathname.startsWith('/tasks')) void router.navigate({ href: '/tasks/create' });
      else if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('[data-filter] input');
        if (!filter) return;
        event.preventDefault();
        filter.focus();
      } else if (event.key === 'g') went.current = event.timeStamp;
      else if (event.timeStamp - went.current < chordMilliseconds && places[event.key]) {
        went.current = 0;
        void router.navigate({ href: places[event.key].to });
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on, onShow]);
  return (
    <Modal visible={shown} onDismiss={() => onShow(false)} header={t('keys.title')}
      footer={<Box float="right"><Button variant="primary" onClick={() => onShow(false)}>{t('close')}</Button></Box>}>
      <SpaceBetween size="l">
        <KeyValuePairs columns={2} items={[
          ...Object.entries(places).map(([key, place]) => ({ label: t(place.label), value: <Keys keys={['g', key]} /> })),
          { label: t('tasks.create'), value: <Keys keys={['c']} /> },
          { label: t('keys.filter'), value: <Keys keys={['/']} /> },
          { label: t('keys.list'), value: <Keys keys={['?']} /> },
        ]} />
        <Toggle checked={on} onChange={({ detail }) => { setOn(detail.checked); remember('keys', detail.checked ? 'on' : 'off'); }}>{t('keys.on')}</Toggle>
      </SpaceBetween>
    </Modal>
  );
}
const Keys = ({ keys }: { keys: string[] }) => <span className="dth-row">{keys.map((key) => <kbd key={key} className="dth-kbd">{key}</kbd>)}</span>;
