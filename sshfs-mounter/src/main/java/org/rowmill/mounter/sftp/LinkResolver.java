package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Follows symbolic links below a directory, one name at a time, as programs on this computer do. */
final class LinkResolver {

    /** Like Linux. */
    private static final int MAX_LINKS = 40;

    private static final Path SELF = Path.of(".");
    private static final Path PARENT = Path.of("..");

    private final Path root;

    /** Follows links below a directory, whose own path contains no links. */
    LinkResolver(Path root) {
        this.root = root;
    }

    /**
     * Where a path leads.
     *
     * @param links the links on its way, as names from the root
     * @param end where it ends, as names from the root; it may not exist. Empty: outside, or nowhere
     */
    record Way(List<List<Path>> links, Optional<List<Path>> end) {}

    /** Returns the path itself, the links on its way, and its end if that is below the root. */
    List<List<Path>> onTheWayTo(Path path) {
        List<List<Path>> all = new ArrayList<>();
        Path relative = path.normalize();
        if (!relative.toString().isEmpty()) {
            List<Path> names = new ArrayList<>();
            relative.forEach(names::add);
            all.add(names);
        } else {
            all.add(List.of());
        }
        Way way = follow(List.of(), path);
        all.addAll(way.links());
        way.end().ifPresent(all::add);
        return all;
    }

    /**
     * Follows a relative path, or an absolute one that begins with the root.
     *
     * @param directory where it begins, as names from the root
     */
    Way follow(List<Path> directory, Path path) {
        Deque<Path> at = new ArrayDeque<>(directory);
        Deque<Path> rest = new ArrayDeque<>();
        List<List<Path>> links = new ArrayList<>();
        if (!enter(path, at, rest)) {
            return new Way(links, Optional.empty());
        }
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (name.equals(PARENT)) {
                if (at.pollLast() == null) {
                    return new Way(links, Optional.empty());
                }
            } else if (!name.equals(SELF) && !name.toString().isEmpty()) {
                at.addLast(name);
                Optional<Path> target = target(at);
                if (target.isPresent()) {
                    links.add(List.copyOf(at));
                    at.removeLast();
                    if (links.size() > MAX_LINKS || !enter(target.get(), at, rest)) {
                        return new Way(links, Optional.empty());
                    }
                }
            }
        }
        return new Way(links, Optional.of(List.copyOf(at)));
    }

    /** Puts the names of a path before the rest of the way. Returns false if the path leads outside. */
    private boolean enter(Path path, Deque<Path> at, Deque<Path> rest) {
        Path relative = path;
        if (path.isAbsolute()) {
            if (!path.startsWith(root)) {
                return false;
            }
            at.clear();
            relative = root.relativize(path);
        }
        for (int i = relative.getNameCount() - 1; i >= 0; i--) {
            rest.push(relative.getName(i));
        }
        return true;
    }

    private Optional<Path> target(Deque<Path> at) {
        Path link = root;
        for (Path name : at) {
            link = link.resolve(name);
        }
        try {
            return Files.isSymbolicLink(link) ? Optional.of(Files.readSymbolicLink(link)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it was removed meanwhile
        }
    }
}
