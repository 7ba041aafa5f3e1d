package com.espra.protoplex.datastore.model.gql;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.GqlQueryParameter;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyOrder.Direction;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import org.junit.Test;

/** What queries say as text. */
public class GqlParserTest {

    private static final PartitionId PARTITION =
            PartitionId.newBuilder().setProjectId("p").setNamespaceId("n").build();

    private static GqlQuery.Builder gql(String text) {
        return GqlQuery.newBuilder().setQueryString(text).setAllowLiterals(true);
    }

    private static Query query(String text) {
        return GqlParser.query(gql(text).build(), PARTITION);
    }

    private static PropertyFilter filter(String where) {
        return query("SELECT * FROM T WHERE " + where).getFilter().getPropertyFilter();
    }

    private static GqlQueryParameter value(long number) {
        return GqlQueryParameter.newBuilder()
                .setValue(Value.newBuilder().setIntegerValue(number))
                .build();
    }

    private static GqlQueryParameter cursor(String text) {
        return GqlQueryParameter.newBuilder()
                .setCursor(ByteString.copyFromUtf8(text))
                .build();
    }

    @Test
    public void allPartsOfAQuery() {
        Query query = query(
                "select a, `order by`, b.c from `my kind` where a >= 1 and b.c = 'it''s' order by a desc, b limit 5 offset 2");
        assertEquals("my kind", query.getKind(0).getName());
        assertEquals(3, query.getProjectionCount());
        assertEquals("order by", query.getProjection(1).getProperty().getName());
        assertEquals("b.c", query.getProjection(2).getProperty().getName());
        CompositeFilter both = query.getFilter().getCompositeFilter();
        assertEquals(CompositeFilter.Operator.AND, both.getOp());
        assertEquals("it's", both.getFilters(1).getPropertyFilter().getValue().getStringValue());
        assertEquals(Direction.DESCENDING, query.getOrder(0).getDirection());
        assertEquals(Direction.ASCENDING, query.getOrder(1).getDirection());
        assertEquals(5, query.getLimit().getValue());
        assertEquals(2, query.getOffset());
        assertEquals(Query.getDefaultInstance(), query("SELECT *"));
    }

    @Test
    public void operatorsInBothDirections() {
        assertEquals(Operator.NOT_EQUAL, filter("a != 1").getOp());
        assertEquals(Operator.GREATER_THAN, filter("1 < a").getOp());
        assertEquals(Operator.LESS_THAN_OR_EQUAL, filter("a <= -1.5e3").getOp());
        assertEquals(-1500.0, filter("a <= -1.5e3").getValue().getDoubleValue(), 0);
        assertEquals(Operator.EQUAL, filter("a CONTAINS 'x'").getOp());
        assertEquals(Operator.EQUAL, filter("'x' IN a").getOp());
        assertTrue(filter("a IS NULL").getValue().hasNullValue());
        assertEquals(Operator.IN, filter("a IN ARRAY(1, 2)").getOp());
        assertEquals(2, filter("a IN (1, 'b')").getValue().getArrayValue().getValuesCount());
        assertEquals(Operator.NOT_IN, filter("a NOT IN (1)").getOp());
        assertTrue(filter("a = TRUE").getValue().getBooleanValue());
        assertEquals(
                Long.MIN_VALUE, filter("a = -9223372036854775808").getValue().getIntegerValue());
        assertEquals(
                1_000_000_000,
                filter("a = DATETIME('2001-09-09T01:46:40Z')")
                        .getValue()
                        .getTimestampValue()
                        .getSeconds());
        assertEquals("abc", filter("a = BLOB('YWJj')").getValue().getBlobValue().toStringUtf8());
    }

    @Test
    public void keysAndAncestors() {
        PropertyFilter ancestor = filter("__key__ HAS ANCESTOR KEY(NAMESPACE('m'), A, 7, `b c`, 'x')");
        assertEquals(Operator.HAS_ANCESTOR, ancestor.getOp());
        assertEquals("p", ancestor.getValue().getKeyValue().getPartitionId().getProjectId());
        assertEquals("m", ancestor.getValue().getKeyValue().getPartitionId().getNamespaceId());
        assertEquals(7, ancestor.getValue().getKeyValue().getPath(0).getId());
        assertEquals("x", ancestor.getValue().getKeyValue().getPath(1).getName());
        assertEquals(ancestor, filter("KEY(NAMESPACE('m'), A, 7, `b c`, 'x') HAS DESCENDANT __key__"));
        assertEquals(
                "n",
                filter("__key__ = KEY(A, 1)")
                        .getValue()
                        .getKeyValue()
                        .getPartitionId()
                        .getNamespaceId());
    }

    @Test
    public void orIsWeakerThanAnd() {
        CompositeFilter either = query("SELECT * FROM T WHERE a = 1 AND b = 2 OR c = 3")
                .getFilter()
                .getCompositeFilter();
        assertEquals(CompositeFilter.Operator.OR, either.getOp());
        CompositeFilter both = query("SELECT * FROM T WHERE a = 1 AND (b = 2 OR c = 3)")
                .getFilter()
                .getCompositeFilter();
        assertEquals(CompositeFilter.Operator.AND, both.getOp());
    }

    @Test
    public void valuesAndCursorsAreBound() {
        Query query = GqlParser.query(
                gql("SELECT * FROM T WHERE a = @name AND b = @1 LIMIT FIRST(@end, 3) OFFSET @2 + 4")
                        .setAllowLiterals(false)
                        .putNamedBindings("name", value(1))
                        .putNamedBindings("end", cursor("e"))
                        .addPositionalBindings(value(2))
                        .addPositionalBindings(cursor("s"))
                        .build(),
                PARTITION);
        assertEquals(
                2,
                query.getFilter()
                        .getCompositeFilter()
                        .getFilters(1)
                        .getPropertyFilter()
                        .getValue()
                        .getIntegerValue());
        assertEquals("e", query.getEndCursor().toStringUtf8());
        assertEquals("s", query.getStartCursor().toStringUtf8());
        assertEquals(3, query.getLimit().getValue());
        assertEquals(4, query.getOffset());
    }

    @Test
    public void distinct() {
        assertEquals(2, query("SELECT DISTINCT a, b FROM T").getDistinctOnCount());
        Query on = query("SELECT DISTINCT ON (a) a, b FROM T");
        assertEquals(1, on.getDistinctOnCount());
        assertEquals(2, on.getProjectionCount());
    }

    @Test
    public void aggregations() {
        AggregationQuery query = GqlParser.aggregation(
                gql("SELECT COUNT(*) AS all, SUM(a), AVG(a) AS mean, COUNT_UP_TO(5) FROM T WHERE b = 1")
                        .build(),
                PARTITION);
        assertEquals(4, query.getAggregationsCount());
        assertEquals("mean", query.getAggregations(2).getAlias());
        assertEquals(5, query.getAggregations(3).getCount().getUpTo().getValue());
        assertEquals("T", query.getNestedQuery().getKind(0).getName());
        assertEquals(
                3,
                GqlParser.aggregation(
                                gql("AGGREGATE COUNT(*) OVER (SELECT * FROM T LIMIT 3)")
                                        .build(),
                                PARTITION)
                        .getNestedQuery()
                        .getLimit()
                        .getValue());
        assertRefused("run it as one", "SELECT COUNT(*) FROM T");
    }

    private static void assertRefused(String why, String text) {
        RefusedException refused = assertThrows(RefusedException.class, () -> query(text));
        assertEquals(Code.INVALID_ARGUMENT, refused.code());
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
    }

    @Test
    public void whatIsWrongIsSaidWithItsPlace() {
        assertRefused("SELECT is expected, and not 'SELCT', at character 1", "SELCT *");
        assertRefused("the end is expected, and not 'FRM'", "SELECT * FRM T");
        assertRefused("a quotation does not end, at character 27", "SELECT * FROM T WHERE a = 'x");
        assertRefused("an operator is expected", "SELECT * FROM T WHERE a LIKE 'x'");
        assertRefused("nothing is bound to @x", "SELECT * FROM T WHERE a = @x");
        assertRefused("nothing is bound to @1", "SELECT * FROM T WHERE a = @1");
        assertRefused("nested more than 30", "SELECT * FROM T WHERE " + "(".repeat(31) + "a = 1");
        assertRefused("a DATETIME is of the form", "SELECT * FROM T WHERE a = DATETIME('noon')");
        assertRefused("is not a number of 64 bits", "SELECT * FROM T WHERE a = 9223372036854775808");
        assertRefused("more than 65536 characters", "SELECT * FROM " + "T".repeat(65_536));
        assertRefused("';' is not expected", "SELECT * FROM T; SELECT *");
        RefusedException literal = assertThrows(
                RefusedException.class,
                () -> GqlParser.query(
                        gql("SELECT * FROM T WHERE a = 1")
                                .setAllowLiterals(false)
                                .build(),
                        PARTITION));
        assertTrue(literal.getMessage(), literal.getMessage().contains("literals are not allowed"));
        RefusedException unused = assertThrows(
                RefusedException.class,
                () -> GqlParser.query(
                        gql("SELECT *").addPositionalBindings(value(1)).build(), PARTITION));
        assertTrue(unused.getMessage(), unused.getMessage().contains("0 of them are used"));
    }
}
