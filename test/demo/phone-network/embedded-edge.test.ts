import { describeEdge } from '../../support/edge-conformance.ts';
import { startEmbeddedEdge } from './start-embedded-edge.ts';

describeEdge('the embedded phone network', startEmbeddedEdge);
