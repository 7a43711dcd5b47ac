import { lazy, Suspense, type ComponentProps } from 'react';
import Skeleton from '@cloudscape-design/components/skeleton';

// What is not on the first tab of a run or task is loaded when it is shown: tables weigh much.
const Failures = lazy(() => import('./RunFailures').then((module) => ({ default: module.RunFailures })));
const Panel = lazy(() => import('./RunFailures').then((module) => ({ default: module.FailurePanel })));
const Summary = lazy(() => import('./RunSummary').then((module) => ({ default: module.RunSummary })));

export const RunFailures = (props: ComponentProps<typeof Failures>) => <Suspense fallback={<Skeleton />}><Failures {...props} /></Suspense>;
export const FailurePanel = (props: ComponentProps<typeof Panel>) => <Suspense fallback={null}><Panel {...props} /></Suspense>;
export const RunSummary = (props: ComponentProps<typeof Summary>) => <Suspense fallback={<Skeleton />}><Summary {...props} /></Suspense>;
