"""Every component in its states, with data that is hard to hold: /styleguide/."""
