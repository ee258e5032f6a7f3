import clsx from "clsx";
import type { ReactNode } from "react";
import { shortId, words } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import { drawnEdges, type Graph, type GraphNode } from "./graph.ts";

/** Pixels of the picture. */
const NODE = { width: 168, height: 44 };
const STEP = { x: NODE.width + 40, y: NODE.height + 14 };

interface LinkProps {
  className: string;
  children: ReactNode;
}

interface Props<N extends GraphNode> {
  graph: Graph<N>;
  /** The thing that the picture is about. */
  thisId: string;
  title: string;
  sentence: string;
  /** The way to the page of a thing. */
  renderLink: (node: N, props: LinkProps) => ReactNode;
}

/** A lineage as a picture, whose table says the same: each thing leads to its page. */
export function LineageGraphFigure<N extends GraphNode>(props: Props<N>) {
  const { graph, thisId, title, sentence, renderLink } = props;
  const width = graph.columns * STEP.x - 40;
  const height = graph.rows * STEP.y - 14;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const rows = graph.nodes.map((node) => [
    words(node.kind),
    node.label,
    node.id,
    graph.edges.flatMap(({ from, to }) => (to === node.id ? shortId(from) : [])).join(" "),
  ]);
  return (
    <Figure
      title={title}
      sentence={sentence}
      file={`${thisId}-lineage.csv`}
      table={{ header: ["Kind", "Name", "Id", "Stands on"], rows }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label="Lineage" tabIndex={0} className="overflow-x-auto">
        <div className="relative" style={{ width, height }}>
          <svg aria-hidden width={width} height={height} className="absolute inset-0 text-line-strong">
            {drawnEdges(graph.edges).map(({ from, to }) => (
              <path
                key={`${from}${to}`}
                d={edgePath(byId.get(from), byId.get(to))}
                fill="none"
                stroke="currentColor"
              />
            ))}
          </svg>
          {graph.nodes.map((node) => (
            <div
              key={node.id}
              className="absolute"
              style={{ left: node.column * STEP.x, top: node.row * STEP.y, ...NODE }}
            >
              <NodeBox node={node} isThis={node.id === thisId} renderLink={renderLink} />
            </div>
          ))}
        </div>
      </section>
    </Figure>
  );
}

function edgePath(from: GraphNode | undefined, to: GraphNode | undefined): string {
  if (!from || !to) return "";
  const [x1, y1] = [from.column * STEP.x + NODE.width, from.row * STEP.y + NODE.height / 2];
  const [x2, y2] = [to.column * STEP.x, to.row * STEP.y + NODE.height / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

function NodeBox<N extends GraphNode>(props: { node: N; isThis: boolean } & Pick<Props<N>, "renderLink">) {
  const { node, isThis, renderLink } = props;
  const look = clsx(
    "block h-full rounded-md border px-2.5 py-1 text-xs overflow-hidden",
    isThis ? "border-accent bg-accent-wash" : "border-line bg-surface hover:bg-hover",
  );
  const text = (
    <>
      <span className="block eyebrow">{words(node.kind)}</span>
      <span className="block truncate" title={node.id}>
        {isThis ? "this run" : node.label} <span className="text-ink-3">…{shortId(node.id)}</span>
      </span>
    </>
  );
  return isThis ? (
    <span aria-current="true" className={look}>
      {text}
    </span>
  ) : (
    renderLink(node, { className: look, children: text })
  );
}
