package com.espra.protoplex.fleet.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class UnitKeysTest {

    private static final String METATYPE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
              <OCD id="com.example.Config" name="Config">
                <AD id="greeting" type="String" default="Hello" max="10"/>
                <AD id="size" type="Integer" default="3" min="0" max="99"/>
                <AD id="colour" type="String"><Option label="Red" value="red"/><Option label="Blue" value="blue"/></AD>
                <AD id="ports" type="Integer" cardinality="5"/>
                <AD id="token" type="Password" default="changeit"/>
              </OCD>
              <OCD id="com.example.Worker"><AD id="size" type="Long"/></OCD>
              <Designate pid="com.example.Hello"><Object ocdref="com.example.Config"/></Designate>
              <Designate factoryPid="com.example.Workers"><Object ocdref="com.example.Worker"/></Designate>
            </metatype:MetaData>
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private UnitKeys keys(String metatype, Map<String, Map<String, Object>> configurations) throws IOException {
        Path jar = folder.newFile().toPath();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/metatype/config.xml"));
            zip.write(metatype.getBytes(StandardCharsets.UTF_8));
        }
        Build build = new Build(
                1,
                "hello",
                "1.0.0",
                Instant.EPOCH,
                "0123456789abcdef",
                List.of(new Build.File("hello.jar", "a".repeat(64), 1)),
                configurations,
                60,
                30);
        return UnitKeys.of(build, file -> jar);
    }

    private static String refusal(UnitKey key, String text) {
        BuildException refused = assertThrows(BuildException.class, () -> key.parse(text));
        return refused.getMessage() + ": " + refused.remedy();
    }

    @Test
    public void keysAreThoseOfMetatype() throws Exception {
        UnitKeys keys = keys(METATYPE, Map.of());

        assertEquals(
                List.of("colour", "greeting", "ports", "size", "token"),
                keys.all().stream().map(UnitKey::name).toList());
        assertEquals("size:Integer", keys.find("size").property());
        assertEquals("ports:Integer[]", keys.find("com.example.Hello/ports").property());
        assertEquals("3", keys.find("size").standard());
        assertTrue(keys.find("token").secret());
        assertEquals(
                "a password's default is none of anybody's business",
                "",
                keys.find("token").standard());
    }

    @Test
    public void keysAreThoseOfTheFeatureToo() throws Exception {
        UnitKeys keys = keys(
                "<nothing/>",
                Map.of("plain", Map.of("a", "x", "b:Integer", 1, "c", List.of(1, 2), "d", true, "e", 1.5)));

        assertEquals(
                List.of("a:String", "b:Integer", "c:Long[]", "d:Boolean", "e:Double"),
                keys.all().stream().map(UnitKey::property).toList());
        assertEquals("1,2", keys.find("c").standard());
    }

    @Test
    public void aFactoryHasTheInstancesOfTheFeature() throws Exception {
        UnitKeys keys =
                keys(METATYPE, Map.of("com.example.Workers~a", Map.of(), "com.example.Workers~b", Map.of("size", 7)));

        assertEquals("7", keys.find("com.example.Workers~b/size").standard());
        assertEquals("size:Long", keys.find("com.example.Workers~a/size").property());
        BuildException refused = assertThrows(BuildException.class, () -> keys.find("size"));
        assertTrue(refused.remedy(), refused.remedy().contains("com.example.Hello/size or com.example.Workers~a/size"));
        assertEquals("com.example.Hello/size", keys.shortest(keys.find("com.example.Hello/size")));
    }

    @Test
    public void anUnknownKeyIsRefusedWithTheNearest() throws Exception {
        UnitKeys keys = keys(METATYPE, Map.of());

        BuildException refused = assertThrows(BuildException.class, () -> keys.find("greting\u001b[31m"));

        assertEquals("hello 1.0.0 has no key 'greting?[31m'; did you mean 'greeting'?", refused.getMessage());
        BuildException none = assertThrows(
                BuildException.class, () -> keys("<nothing/>", Map.of()).find("size"));
        assertTrue(none.remedy(), none.remedy().contains("Metatype"));
    }

    @Test
    public void aValueIsOfItsType() throws Exception {
        UnitKeys keys = keys(METATYPE, Map.of());

        assertEquals("5", keys.find("size").parse("5"));
        assertEquals(List.of("80", "443"), keys.find("ports").parse("80, 443"));
        assertEquals(List.of(), keys.find("ports").parse(""));
        assertTrue(refusal(keys.find("size"), "many").contains("'many' cannot be the value of size"));
        assertTrue(refusal(keys.find("size"), "100").contains("99 at most"));
        assertTrue(refusal(keys.find("size"), "-1").contains("0 at least"));
        assertTrue(refusal(keys.find("ports"), "80,many").contains("commas"));
        assertTrue(refusal(keys.find("colour"), "green").contains("red, blue"));
        assertTrue(refusal(keys.find("greeting"), "a long greeting").contains("10 at most characters"));
    }

    @Test
    public void aValueIsPlainAndNotTooLarge() throws Exception {
        UnitKeys keys = keys("<nothing/>", Map.of("p", Map.of("text", "")));
        UnitKey text = keys.find("text");

        assertEquals("two\n\tlines", text.parse("two\n\tlines"));
        assertTrue(refusal(text, "a\u0000b").contains("control characters"));
        assertTrue(refusal(text, "\u001b[2J").contains("control characters"));
        assertTrue(refusal(text, "\ud800").contains("control characters"));
        assertEquals("x".repeat(UnitKey.MAX_VALUE_BYTES), text.parse("x".repeat(UnitKey.MAX_VALUE_BYTES)));
        assertTrue(refusal(text, "x".repeat(UnitKey.MAX_VALUE_BYTES + 1)).contains("65537 bytes"));
    }

    @Test
    public void whatIsNoMetatypeDescribesNothing() throws Exception {
        assertEquals(0, keys("<metatype:MetaData", Map.of()).all().size());
        assertEquals(
                "no entity is followed",
                0,
                keys("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><OCD id='&e;'/>", Map.of())
                        .all()
                        .size());
    }
}
