import { OnnxModelError } from '../errors.ts';
import { UNFOLLOWED } from './field-numbers.ts';
import type { NamedMessage, OnnxGraphParts } from './onnx-parts.ts';

/**
 * Puts a prefix before the names of all values and nodes of a graph, so that it can share a graph with others. The names
 * in `kept` stay, and so do empty ones, which stand for inputs left out.
 *
 * @throws {OnnxModelError} where the graph names values in places that are not followed: sparse initializers, quantization annotations
 */
export function prefixNames(
  graph: OnnxGraphParts,
  prefix: string,
  kept: ReadonlySet<string>,
): OnnxGraphParts {
  for (const { number } of graph.others) {
    const what = UNFOLLOWED.graph.get(number);
    if (what !== undefined) {
      throw new OnnxModelError({ expected: `an ONNX graph without ${what}`, found: 'one with them' });
    }
  }
  const renamed = (name: string) => (name === '' || kept.has(name) ? name : prefix + name);
  const all = (messages: readonly NamedMessage[]) =>
    messages.map((message) => ({ ...message, name: renamed(message.name) }));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: node.name === '' ? '' : prefix + node.name,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
    initializers: all(graph.initializers),
    inputs: all(graph.inputs),
    outputs: all(graph.outputs),
    values: all(graph.values),
  };
}
