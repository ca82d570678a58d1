import type { DoubleArithmetic } from './double-arithmetic.ts';
import type { OnnxGraphParts } from './onnx-parts.ts';
import { readInitializer, readNode } from './read-onnx-parts.ts';

/** A graph with arithmetic after its own operators. */
export function appendArithmetic(graph: OnnxGraphParts, math: DoubleArithmetic): OnnxGraphParts {
  return {
    ...graph,
    nodes: [...graph.nodes, ...math.nodes.map(readNode)],
    initializers: [...graph.initializers, ...math.initializers.map(readInitializer)],
  };
}
