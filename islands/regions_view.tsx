/**
 * "Location of voters": the table of regions, its filter and its pages, as pure markup. Every way through it is
 * a link or a form, so that each view of it has an address.
 * @module
 */
import type { Regions } from "../pipeline/regions.ts";
import { count, isolated, list, percent, plain } from "./format.ts";
import { messages } from "./messages.ts";
import { LinkedName, Name, pathTo } from "./name.tsx";
import { address } from "./pace.ts";
import {
  arrange,
  type Column,
  COLUMNS,
  readTableQuery,
  type RegionPage,
  type RegionRow,
  SIZES,
  type TableQuery,
  withTableQuery,
} from "./region_table.ts";

const text = messages.regions;
/** More than these in a tie are a number. */
const MAX_TIED_NAMES = 3;

/** What is shown; `onQuery` is what the browser does instead of loading another page. */
export interface RegionsProps {
  regions: Regions;
  /** The address's whole query. */
  query: URLSearchParams;
  onQuery?: (query: URLSearchParams) => void;
}

/** The whole page. */
export function RegionsView({ regions, query, onQuery }: RegionsProps) {
  const page = arrange(regions, readTableQuery(query));
  const to = (change: Partial<TableQuery>) => withTableQuery(query, { ...page.query, ...change });
  const go = (change: Partial<TableQuery>) => ({
    href: address("/regions", to(change)),
    onClick: onQuery && ((event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it is to open elsewhere
      event.preventDefault();
      onQuery(to(change));
    }),
  });
  return (
    <>
      <p class="introduction">{text.introduction}</p>
      <Filter page={page} query={query} to={to} onQuery={onQuery} go={go} />
      <Table page={page} go={go} />
      <Paging page={page} go={go} />
      <p class="quiet">{text.version(count(regions.version))}</p>
    </>
  );
}

type Go = (change: Partial<TableQuery>) => { href: string; onClick?: (event: MouseEvent) => void };

interface FilterProps {
  page: RegionPage;
  query: URLSearchParams;
  to: (change: Partial<TableQuery>) => URLSearchParams;
  onQuery?: (query: URLSearchParams) => void;
  go: Go;
}

function Filter({ page: { query: { q, size } }, query, to, onQuery, go }: FilterProps) {
  const kept = [...to({})].filter(([name]) => name !== "q" && name !== "page");
  return (
    <div class="table-tools">
      <form
        method="get"
        action="/regions"
        role="search"
        onSubmit={onQuery && ((event) => event.preventDefault())}
      >
        {kept.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <label>
          {text.filter}{" "}
          <input
            type="search"
            name="q"
            value={q}
            maxLength={64}
            onInput={onQuery && ((event) => onQuery(to({ q: event.currentTarget.value, page: 1 })))}
          />
        </label>{" "}
        <button type="submit">{text.filterAction}</button>
        {query.get("q") && <Clear to={go({ q: "", page: 1 })} />}
      </form>
      <nav class="table-sizes choices" aria-label={text.sizes}>
        <span aria-hidden="true">{text.sizes}</span>
        {SIZES.map((one) => (
          <a key={one} {...go({ size: one, page: 1 })} aria-current={one === size ? "true" : undefined}>
            {count(one)}
          </a>
        ))}
      </nav>
    </div>
  );
}

/** Goes away when it is followed, so it leaves the focus to the field. */
function Clear({ to: { href, onClick } }: { to: ReturnType<Go> }) {
  return (
    <a
      href={href}
      onClick={onClick && ((event) => {
        onClick(event);
        if (event.defaultPrevented) {
          event.currentTarget.closest("form")!.querySelector<HTMLElement>("[name=q]")!.focus();
        }
      })}
    >
      {text.clear}
    </a>
  );
}

function Table({ page: { rows, query, matching, all }, go }: { page: RegionPage; go: Go }) {
  if (all === 0) return <p class="empty">{text.empty}</p>;
  if (matching === 0) return <p class="empty">{text.nothing(plain(query.q.trim()))}</p>;
  const from = (query.page - 1) * query.size + 1;
  return (
    <table class="figures regions">
      <caption>
        {text.caption(count(from), count(from + rows.length - 1), count(matching), count(all))}
      </caption>
      <thead>
        <tr>
          {COLUMNS.map((column) => <Heading key={column} column={column} query={query} go={go} />)}
        </tr>
      </thead>
      <tbody>{rows.map((row) => <Row key={row.state} row={row} />)}</tbody>
    </table>
  );
}

/** Numbers begin with their greatest, names with the first. */
function Heading({ column, query, go }: { column: Column; query: TableQuery; go: Go }) {
  const isNumber = column !== "state" && column !== "leader";
  const isSorted = query.sort === column;
  const descending = isSorted ? !query.descending : isNumber;
  return (
    <th
      scope="col"
      class={isNumber ? "number" : undefined}
      aria-sort={isSorted ? query.descending ? "descending" : "ascending" : undefined}
    >
      <a {...go({ sort: column, descending, page: 1 })}>{text.columns[column]}</a>
    </th>
  );
}

function Row({ row }: { row: RegionRow }) {
  return (
    <tr>
      <th scope="row">
        <LinkedName of={row.state} to={pathTo("regions", row.state)} />
      </th>
      <td class="number">{count(row.count)}</td>
      <td class="number">{count(row.voters)}</td>
      <td class="number">{percent(row.count, row.voters)}</td>
      <td class="leads">
        <Leader of={row} />
      </td>
    </tr>
  );
}

function Leader({ of: { leader } }: { of: RegionRow }) {
  if (leader === null) return <span class="quiet">{text.noVotes}</span>;
  if (leader === "unknown") return <span class="quiet">{text.splitUnknown}</span>;
  const { candidates, margin } = leader;
  if (candidates.length > 1) {
    return candidates.length > MAX_TIED_NAMES
      ? <>{text.tiedMany(count(candidates.length))}</>
      : <bdi>{text.tied(list(candidates.map((one) => isolated(one.candidate_name))))}</bdi>;
  }
  return (
    <>
      <Name of={candidates[0].candidate_name} /> <span class="quiet">{text.ahead(count(margin))}</span>
    </>
  );
}

function Paging({ page: { query, pages }, go }: { page: RegionPage; go: Go }) {
  if (pages === 1) return null;
  const { page } = query;
  return (
    <nav class="paging" aria-label={text.pages}>
      <Step name={text.first} to={page > 1 ? go({ page: 1 }) : null} />
      <Step name={text.previous} to={page > 1 ? go({ page: page - 1 }) : null} />
      <span>{text.page(count(page), count(pages))}</span>
      <Step name={text.next} to={page < pages ? go({ page: page + 1 }) : null} />
      <Step name={text.last} to={page < pages ? go({ page: pages }) : null} />
    </nav>
  );
}

/** A step that leads nowhere keeps its place, and the focus if it has it. */
function Step({ name, to }: { name: string; to: ReturnType<Go> | null }) {
  return to === null
    ? <a class="nowhere" role="link" aria-disabled="true" tabIndex={-1}>{name}</a>
    : <a {...to}>{name}</a>;
}
