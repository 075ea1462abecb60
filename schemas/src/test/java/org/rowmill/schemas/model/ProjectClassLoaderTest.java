package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.table.Table;

class ProjectClassLoaderTest {

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void packAProjectWithItsOwnConfiguration() throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        new Sources(classes)
                .table("T", "String", "@Column int a(String index) { return 1; }")
                .load("T");
        jar = directory.resolve("project with spaces #1.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("T.class"));
            Files.copy(classes.resolve("T.class"), out);
            out.putNextEntry(new JarEntry("logback.xml"));
            out.write("theirs".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void tablesExtendTheTableClassOfRowmill() throws Exception {
        try (ProjectClassLoader loader = new ProjectClassLoader(List.of(jar))) {
            Class<?> table = loader.loadClass("T");

            assertThat(table.getClassLoader()).isSameAs(loader);
            assertThat(Table.class).isAssignableFrom(table);
            assertThat(TableModel.of(table).newTable()).isInstanceOf(Table.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.sql.Connection",
                "com.sun.net.httpserver.HttpServer",
                "com.sun.source.tree.Tree",
                "javax.tools.ToolProvider",
                "org.jspecify.annotations.Nullable"
            })
    void projectsSeeTheWholeJdkAndTheAnnotations(String name) throws Exception {
        try (ProjectClassLoader loader = new ProjectClassLoader(List.of(jar))) {
            assertThat(loader.loadClass(name)).isSameAs(Class.forName(name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.fasterxml.jackson.core.JsonParser",
                "org.apache.commons.csv.CSVFormat",
                "org.objectweb.asm.Label",
                "org.rowmill.schemas.model.TableModel",
                "org.rowmill.tables.Other"
            })
    void projectsSeeNothingElseOfRowmill(String name) throws IOException {
        try (ProjectClassLoader loader = new ProjectClassLoader(List.of(jar))) {
            assertThatThrownBy(() -> loader.loadClass(name)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void projectsSeeOnlyTheirOwnResources() throws IOException {
        String services = "META-INF/services/com.fasterxml.jackson.core.JsonFactory";
        assertThat(JsonParser.class.getClassLoader().getResource(services)).isNotNull();
        try (ProjectClassLoader loader = new ProjectClassLoader(List.of(jar));
                InputStream own = loader.getResourceAsStream("logback.xml")) {
            assertThat(own).hasBinaryContent("theirs".getBytes(StandardCharsets.UTF_8));
            assertThat(loader.getResources(services).hasMoreElements()).isFalse();
        }
        assertThat(Table.class.getClassLoader().getResource("logback.xml")).isNull();
    }
}
