package org.rowmill.producer.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class files and resources of a project and its libraries. Classes of the JDK and of the table API are not among
 * them: their code is assumed not to change. Used by one thread.
 */
final class ProjectClasses {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectClasses.class);

    private static final List<String> OUTSIDE =
            List.of("java/", "jdk/", "sun/", "org/rowmill/table/", "org/jspecify/annotations/");

    private final ProjectClassLoader loader;
    private final String libraries;
    private final Map<String, Optional<ClassFile>> files = new HashMap<>();
    private final Map<String, Optional<Found>> resolved = new HashMap<>();
    private final Map<String, Set<String>> ancestors = new HashMap<>();
    private final Map<String, Set<String>> outsideMethods = new HashMap<>();

    /**
     * Makes a reader.
     *
     * @param root directory of the project
     * @param loader loads the classes of the project
     */
    ProjectClasses(Path root, ProjectClassLoader loader) {
        this.loader = loader;
        this.libraries = url(root.resolve("lib"));
    }

    /** Returns how addresses of classes in the jars of a directory begin. */
    private static String url(Path directory) {
        try {
            return "jar:" + directory.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("invalid directory: " + directory, e);
        }
    }

    /** Finds a class by its name with slashes; null if neither the project nor its libraries have it. */
    @Nullable
    ClassFile find(String name) {
        Optional<ClassFile> file = files.get(name);
        if (file == null) {
            file = OUTSIDE.stream().anyMatch(name::startsWith) || name.startsWith("[")
                    ? Optional.empty()
                    : Optional.ofNullable(loader.findResource(name + ".class")).flatMap(this::read);
            files.put(name, file);
        }
        return file.orElse(null);
    }

    /** Reads a class file; empty if it is damaged, which is an error only for a row that needs the class. */
    private Optional<ClassFile> read(URL url) {
        try {
            return Optional.of(ClassFile.read(content(url), !url.toString().startsWith(libraries)));
        } catch (RuntimeException e) { // ASM reports damage by any of them
            LOG.debug("The code of {} is not followed", url, e);
            return Optional.empty();
        }
    }

    /** Finds a resource of the project or of its libraries. */
    Optional<URL> resource(String name) {
        return Optional.ofNullable(loader.findResource(name));
    }

    /** Reads a file without the cache of {@code URLConnection}, which keeps replaced jars open. */
    static byte[] content(URL url) {
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(url + ": cannot be read", e);
        }
    }

    /** Returns the names of a class and of everything that it extends or implements, the class first. */
    Set<String> ancestors(String name) {
        Set<String> known = ancestors.get(name);
        if (known != null) {
            return known;
        }
        Set<String> all = new LinkedHashSet<>(List.of(name));
        ClassFile file = find(name);
        if (file != null) {
            file.parents().forEach(parent -> all.addAll(ancestors(parent)));
        }
        ancestors.put(name, all);
        return all;
    }

    /** Returns the names and descriptors of the methods by which the JDK can call an object of this class. */
    Set<String> outsideMethods(String name) {
        Set<String> all = new LinkedHashSet<>();
        for (String ancestor : ancestors(name)) {
            if (find(ancestor) == null) {
                all.addAll(outsideMethods.computeIfAbsent(ancestor, this::readOutsideMethods));
            }
        }
        return all;
    }

    private Set<String> readOutsideMethods(String name) {
        Set<String> keys = new LinkedHashSet<>();
        try {
            Class<?> type = Class.forName(name.replace('/', '.'), false, loader);
            List<Method> methods = new ArrayList<>(List.of(type.getMethods()));
            for (Class<?> at = type; at != null; at = at.getSuperclass()) {
                methods.addAll(List.of(at.getDeclaredMethods()));
            }
            for (Method method : methods) {
                if (!Modifier.isStatic(method.getModifiers()) && !Modifier.isFinal(method.getModifiers())) {
                    keys.add(method.getName() + Type.getMethodDescriptor(method));
                }
            }
        } catch (ClassNotFoundException | LinkageError e) {
            return keys; // an optional class of a library
        }
        return keys;
    }

    /** A method and the class that declares it. */
    record Found(ClassFile owner, MethodCode code) {}

    /** Finds the method that a class declares or inherits; null if it comes from outside. */
    @Nullable
    Found resolve(String owner, String key) {
        return resolved.computeIfAbsent(owner + "." + key, name -> Optional.ofNullable(search(owner, key)))
                .orElse(null);
    }

    private @Nullable Found search(String owner, String key) {
        Found declaredAbstract = null;
        for (String name : ancestors(owner)) {
            ClassFile file = find(name);
            MethodCode code = file == null ? null : file.method(key);
            if (file != null && code != null) {
                if (!code.has(Opcodes.ACC_ABSTRACT)) {
                    return new Found(file, code);
                }
                declaredAbstract = declaredAbstract == null ? new Found(file, code) : declaredAbstract;
            }
        }
        return declaredAbstract;
    }

    /** Finds the class that declares a field; null if it comes from outside. */
    @Nullable
    ClassFile resolveField(String owner, String key) {
        for (String name : ancestors(owner)) {
            ClassFile file = find(name);
            if (file != null && file.declares(key)) {
                return file;
            }
        }
        return null;
    }
}
