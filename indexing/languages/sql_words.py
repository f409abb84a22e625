"""The words of SQL and of the languages inside of databases."""

from __future__ import annotations

from indexing.languages.scanner import words

KEYWORDS = words("""
    add after all alter always and any array as asc authid autonomous_transaction before begin between body bulk by
    cascade case check close cluster collate collect column columns comment commit connect constant constraint
    constructor continue create cross current cursor cursors database declare default deferrable define definer delete
    delimiter desc deterministic distinct do drop each else elseif elsif end end-exec enum escape exception exec execute
    exists exit external fetch final first following for forall force foreign from full function generated global go
    goto grant group having identified identity if ilike immediate immutable in index indices inner inout insert
    instantiable instead intersect interval into is isolation join key language last lateral leading leave left level
    like limit limited lock logged loop map materialized member merge minus modify multiset natural new next no nocopy
    nocycle not null of offset old on only open option or order others out outer over overriding package parallel_enable
    partition perform pipe pipelined plpgsql pragma preceding primary prior private privileges proc procedure public
    raise range record recursive ref references refcursor rename repeat replace result_cache restrict return returning
    returns revoke right rollback row rows savepoint schema select self sequence set setof some start static stable
    strict subtype synonym sysdate table temp temporary then tinyint to top transaction trigger trim truncate try type
    unbounded under union unique unlogged unsigned update use using validate values varray varying view volatile when
    whenever where while window with within without work
""")
TYPES = words("""
    bigint bigserial binary binary_integer bit blob boolean bytea char character clob cursor date datetime datetime2
    datetimeoffset dec decimal double float image int integer long longtext mediumtext money national nchar nclob ntext
    number numeric nvarchar nvarchar2 pls_integer precision raw real rowid serial smallint smallmoney sql_variant text
    time timestamp timestamptz tinyint uniqueidentifier uuid varbinary varchar varchar2 xml xmltype year zone
""")
