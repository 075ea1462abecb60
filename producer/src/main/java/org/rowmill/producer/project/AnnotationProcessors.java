package org.rowmill.producer.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Finds annotation processors among the libraries of a project, such as Lombok. */
final class AnnotationProcessors {

    private static final String SERVICE = "META-INF/services/javax.annotation.processing.Processor";

    private AnnotationProcessors() {}

    /**
     * Returns the path on which the compiler finds processors.
     *
     * @param libraries the jars of the project
     * @return all libraries if one of them registers a processor, which may need the others; otherwise none
     */
    static List<Path> path(List<Path> libraries) throws IOException {
        for (Path jar : libraries) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                if (zip.getEntry(SERVICE) != null) {
                    return libraries;
                }
            } catch (ZipException e) {
                // the compiler reports it if the sources need this jar
            }
        }
        return List.of();
    }
}
