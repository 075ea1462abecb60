package org.rowmill.schemas.model;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.table.Table;

/**
 * Loads the classes of a project. They see the JDK, the table API and their own jars, but neither libraries nor
 * resources of Rowmill: a project can bring another version of Jackson, or its own {@code logback.xml}. Thread-safe.
 */
public final class ProjectClassLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** Packages that projects share with Rowmill. */
    private static final List<String> SHARED = List.of("org.rowmill.table.", "org.jspecify.annotations.");

    /** Packages of the JDK that only the system class loader has, such as those of the compiler. */
    private static final Set<String> SYSTEM_PACKAGES = ModuleLayer.boot().modules().stream()
            .filter(module -> module.getClassLoader() == ClassLoader.getSystemClassLoader())
            .filter(module -> module.getName().startsWith("jdk."))
            .flatMap(module -> module.getPackages().stream())
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Makes a loader, which keeps the jars open until it is closed.
     *
     * @param classPath jar or directory of classes of the project, and its libraries
     */
    public ProjectClassLoader(List<Path> classPath) {
        super("project", urls(classPath), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] urls(List<Path> classPath) {
        return classPath.stream().map(ProjectClassLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("invalid class path entry: " + path, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return shared().loadClass(name);
        }
        int dot = name.lastIndexOf('.');
        if (dot > 0 && SYSTEM_PACKAGES.contains(name.substring(0, dot))) {
            return ClassLoader.getSystemClassLoader().loadClass(name);
        }
        return super.loadClass(name, resolve);
    }

    /** Returns the loader of Rowmill. */
    private static ClassLoader shared() {
        return Table.class.getClassLoader();
    }
}
