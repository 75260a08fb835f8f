"""First and last names from many countries; their pairs are drawn at random."""

__all__ = ["FEMALE_NAMES", "LAST_NAMES", "MALE_NAMES"]

FEMALE_NAMES = tuple(
    """
    Abena Adriana Agnieszka Aiko Aisha Alice Amélie Amina Ana Anna Astrid Ayşe
    Beatriz Bronwyn Camila Carmen Célia Chiara Chloé Daniela Deborah Ebba Elena
    Emily Emine Esther Fatima Fiona Frida Giulia Grace Hana Hannah Helena Ines
    Ingrid Isabel Jana Jelena Józefa Julia Karin Katarzyna Lakshmi Layla Leila Léa
    Lin Lucía Magdalena Maja Maria Mei Mónica Nadia Naomi Ngozi Nia Olga Oluchi
    Paula Priya Rania Renée Rosa Ruth Sakura Sara Siobhan Sofia Soraya Sunita Tamar
    Tereza Thandiwe Ursula Valentina Vera Wanjiru Yara Yuki Zainab Zoë Zuzana
    """.split()
)

MALE_NAMES = tuple(
    """
    Ahmed Akira Alejandro Amir Anders André Anton Arjun Bartosz Björn Bogdan Carlos
    Chen Chidi Daniel David Diego Dmitri Eduardo Elias Emeka Emre Erik Felix
    Fernando François Frédéric Gabriel George Giovanni Hans Haruto Hassan Henrik
    Hiroshi Hugo Ibrahim Igor Ivan Jakub James Jan Javier João Johannes José Juan
    Jürgen Kamau Karim Kenji Kofi Kwame Lars Leon Liam Luca Łukasz Marco Marek Mateo
    Matthew Mehmet Michał Miguel Mohamed Nikolai Noah Omar Oscar Pablo Paolo Patrick
    Pedro Peter Rafael Rahul Rashid Robert Samuel Sanjay Sébastien Sergei Søren
    Stefan Tadeusz Takeshi Thabo Thomas Tomáš Viktor Wei William Yusuf Zoltán
    """.split()
)

LAST_NAMES = tuple(
    """
    Abe Abubakar Acheampong Adeyemi Almeida Andersson Bakker Banerjee Bauer Becker
    Bernard Bianchi Bondarenko Boateng Brown Çelik Chaudhary Chen Chukwu Clarke
    Cohen Colombo Costa Danjuma Demir Díaz Dubois Dvořák Eriksen Evans Farouk
    Fernández Ferrari Fischer Fontaine Fraser García Georgiou Gómez Gonçalves
    González Gupta Haddad Hansen Hernández Horvat Horváth Hughes Ibáñez Ito Ivanov
    Iyer Jankowski Jansen Jensen Johnson Jones Kamara Kaplan Kaya Khan Kim Kimani
    Kovács Kowalski Krüger Lefèvre Levi Lindqvist López Mahlangu Mansour Marino
    Martínez Mbeki Meyer Mishra Moreau Müller Muñoz Murphy Mwangi Nakamura Nguyen
    Nielsen Novák Nowak Núñez O'Brien Okafor Öztürk Papadopoulos Park Patel Peña
    Pereira Petrov Popescu Quispe Ramírez Rao Richter Rossi Saito Salazar Santos
    Sato Schäfer Schmidt Silva Singh Smith Sokolov Sørensen Suzuki Świątek Takahashi
    Tanaka Taylor Tesfaye Thompson Tremblay Vasquez Villanueva Virtanen Wagner Wang
    Weiß Williams Wójcik Yamamoto Yılmaz Zhang Zieliński Žukauskas
    """.split()  # noqa: RUF001
)
