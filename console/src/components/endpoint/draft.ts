import type { Endpoint, EndpointInput, EndpointKind, EndpointTemplate } from '../../services/endpoints';
import { parseLabels, writeLabels } from '../labels';
import { pairsOf, valuesOf, type Declared, type Values } from '../options/values';

/** An endpoint while it is written. */
export interface EndpointDraft {
  name: string;
  kind: string;
  vendor: string;
  description: string;
  options: Values;
  credentialId?: string;
  labels: string;
}

export const draftOf = (endpoint: Endpoint): EndpointDraft => ({
  name: endpoint.name, kind: endpoint.kind, vendor: endpoint.vendor, description: endpoint.description, options: valuesOf(endpoint.options),
  credentialId: endpoint.credential?.id, labels: writeLabels(endpoint.labels),
});
/** Another vendor brings its own options; what is the reader's stays. */
export const fromTemplate = (template: EndpointTemplate, draft?: EndpointDraft): EndpointDraft => ({
  name: draft?.name ?? '', description: draft?.description ?? '', labels: draft?.labels ?? '', kind: template.kind, vendor: template.name, options: valuesOf(template.options),
  credentialId: draft?.kind === template.kind ? draft.credentialId : undefined,
});
export const inputOf = (draft: EndpointDraft): EndpointInput => ({
  name: draft.name.trim(), kind: draft.kind, vendor: draft.vendor, description: draft.description, options: pairsOf(draft.options), credentialId: draft.credentialId ?? null,
  labels: parseLabels(draft.labels),
});

/** What the form asks at once, and what it keeps folded. Without a template: what was given. */
export function fieldsOf(kind: EndpointKind, template: EndpointTemplate | undefined, values: Values): { asked: Declared[]; folded: Declared[] } {
  const asks = template?.asks ?? Object.keys(values);
  const asked = asks.flatMap((name) => kind.options.filter((option) => option.name === name));
  return { asked, folded: kind.options.filter((option) => !asked.includes(option)) };
}
export const missingOf = (asked: readonly Declared[], values: Values) => asked.filter(({ name, type }) => type !== 'FLAG' && !values[name]?.some((value) => value.trim() !== ''));
