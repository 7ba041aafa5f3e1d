package com.espra.protoplex.fleet.build;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The table of OSGi Compendium 8.1, section 150.3.4. */
public class TypedPropertiesTest {

    @SuppressWarnings("unchecked")
    private static Object read(String property) throws Exception {
        Map<String, Object> plain = new ObjectMapper().readValue("{" + property + "}", Map.class);
        return TypedProperties.of("orders", plain).get("a");
    }

    private static String refusal(String property) {
        return assertThrows(BuildException.class, () -> read(property)).getMessage();
    }

    @Test
    public void plainValuesHaveTheTypesOfJson() throws Exception {
        assertEquals("x", read("\"a\": \"x\""));
        assertEquals(5L, read("\"a\": 5"));
        assertEquals(5.5, read("\"a\": 5.5"));
        assertEquals(true, read("\"a\": true"));
        assertArrayEquals(new Long[] {1L, 2L}, (Long[]) read("\"a\": [1, 2]"));
        assertArrayEquals(new String[] {"1", "x"}, (String[]) read("\"a\": [1, \"x\"]"));
        assertArrayEquals(new String[0], (String[]) read("\"a\": []"));
    }

    @Test
    public void scalarsHaveTheTypeThatIsNamed() throws Exception {
        assertEquals(50, read("\"a:Integer\": 50"));
        assertEquals(50, read("\"a:Integer\": \"50\""));
        assertEquals(50L, read("\"a:Long\": 50"));
        assertEquals((short) 5, read("\"a:Short\": 5"));
        assertEquals((byte) 5, read("\"a:Byte\": 5"));
        assertEquals(1.5f, read("\"a:Float\": 1.5"));
        assertEquals(2.0, read("\"a:Double\": 2"));
        assertEquals('x', read("\"a:Character\": \"x\""));
        assertEquals(false, read("\"a:Boolean\": \"false\""));
        assertEquals("7", read("\"a:String\": 7"));
    }

    @Test
    public void arraysAndCollectionsHaveTheTypeOfTheirElements() throws Exception {
        assertArrayEquals(new int[] {1, 2}, (int[]) read("\"a:int[]\": [1, 2]"));
        assertArrayEquals(new Integer[] {1}, (Integer[]) read("\"a:Integer[]\": 1"));
        assertArrayEquals(new boolean[] {true}, (boolean[]) read("\"a:boolean[]\": [true]"));
        assertArrayEquals(new char[] {'x'}, (char[]) read("\"a:char[]\": [\"x\"]"));
        assertEquals(List.of("1", "2"), read("\"a:Collection<String>\": [1, 2]"));
        assertEquals(List.of(1, 2), read("\"a:Collection<Integer>\": [1, 2]"));
        assertEquals(List.of(1L, 2L), read("\"a:Collection\": [1, 2]"));
    }

    @Test
    public void whatCannotBeReadIsNamed() {
        assertTrue(refusal("\"a:Integer\": 3000000000").contains("'a:Integer' cannot have the value 3000000000"));
        assertTrue(refusal("\"a:Integer\": 1.5").contains("'a:Integer'"));
        assertTrue(refusal("\"a:Byte\": 128").contains("'a:Byte'"));
        assertTrue(refusal("\"a:Boolean\": \"yes\"").contains("neither true nor false"));
        assertTrue(refusal("\"a:Character\": \"xy\"").contains("not one character"));
        assertTrue(refusal("\"a:Integer\": [1]").contains("not a single value"));
        assertTrue(refusal("\"a:int\": 1").contains("no type that a configuration can have"));
        assertTrue(refusal("\"a:binary\": \"x\"").contains("'a:binary'"));
        assertTrue(refusal("\":Integer\": 1").contains("has no name"));
        assertTrue(refusal("\"a\": 1, \"a:Integer\": 1").contains("twice"));
    }
}
