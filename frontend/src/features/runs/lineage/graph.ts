/** What comes from what, as a picture needs it: things in columns and rows, joined from left to right. */

export interface GraphNode {
  id: string;
  kind: string;
  label: string;
  /** Further right stands on what is further left. */
  column: number;
  row: number;
}

export interface Edge {
  from: string;
  to: string;
}

export interface Graph<N extends GraphNode = GraphNode> {
  nodes: N[];
  edges: Edge[];
  columns: number;
  rows: number;
}

/** The edges that no way over other things says already: those that a picture needs. */
export function drawnEdges(edges: readonly Edge[]): Edge[] {
  const after = (id: string) => edges.filter(({ from }) => from === id);
  const leads = (from: string, to: string): boolean =>
    from === to || after(from).some((edge) => leads(edge.to, to));
  return edges.filter(({ from, to }) => !after(from).some((edge) => edge.to !== to && leads(edge.to, to)));
}
